import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import classes from './page-tabs.module.css';

export interface PageTab {
  /** In the address. */
  readonly value: string;
  readonly label: string;
  readonly panel: ReactNode;
}

/** The parts of a page. Which one is shown stands in the address, so that it can be sent to others; the first is the default. */
export function PageTabs({
  tabs,
  label,
}: {
  readonly tabs: readonly PageTab[];
  readonly label: string;
}) {
  const [search, setSearch] = useSearchParams();
  const first = tabs[0]?.value ?? '';
  const asked = search.get('tab');
  const shown = tabs.some(({ value }) => value === asked) ? asked : first;
  const show = (value: string | null) =>
    setSearch(value === null || value === first ? {} : { tab: value });
  return (
    <Tabs value={shown} onChange={show} keepMounted={false}>
      <Tabs.List aria-label={label} mb="lg" className={classes.list}>
        {tabs.map(({ value, label: name }) => (
          <Tabs.Tab key={value} value={value}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, panel }) => (
        <Tabs.Panel key={value} value={value}>
          {panel}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
