import { Badge, Skeleton, Tabs } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef, type ComponentType } from 'react';
import { useSearchParams } from 'react-router';
import { useServerRights } from '../../api/server-rights';
import type { ServerView } from '../../api/servers';
import { useMay } from '../../api/session';
import classes from './server.module.css';

type TabContent = ComponentType<{ readonly server: ServerView }>;

/** A tab whose script is loaded when somebody first opens it. */
function tab(load: () => Promise<TabContent>) {
  return lazy(async () => ({ default: await load() }));
}

const CONTENTS = {
  overview: tab(async () => (await import('./overview/overview-tab')).OverviewTab),
  tools: tab(async () => (await import('./tools/tools-tab')).ToolsTab),
  prompts: tab(async () => (await import('./prompts-tab')).PromptsTab),
  resources: tab(async () => (await import('./resources-tab')).ResourcesTab),
  connect: tab(async () => (await import('./connect/connect-tab')).ConnectTab),
  configuration: tab(async () => (await import('./configuration-tab')).ConfigurationTab),
  access: tab(async () => (await import('./access-tab')).AccessTab),
  activity: tab(async () => (await import('./activity-tab')).ActivityTab),
} as const;

type TabName = keyof typeof CONTENTS;

/** The parts of the page of a server; which one is open stands in the address. */
export function ServerTabs({ server }: { readonly server: ServerView }) {
  const [params, setParams] = useSearchParams();
  const tabs = useTabs(server);
  const wanted = params.get('tab');
  const open = tabs.find(({ name }) => name === wanted)?.name ?? 'overview';
  const list = useRef<HTMLDivElement>(null);
  // An address may lead to a tab that is out of sight on a phone.
  useEffect(() => scrollToSelected(list.current), [open]);
  return (
    <Tabs
      value={open}
      onChange={(name) => setParams(name === 'overview' || name === null ? {} : { tab: name })}
      keepMounted={false}
    >
      <Tabs.List mb="lg" className={classes.tabs} ref={list}>
        {tabs.map(({ name, label, count }) => (
          <Tabs.Tab
            key={name}
            value={name}
            className={classes.tab}
            rightSection={
              count !== undefined &&
              count > 0 && (
                <Badge
                  size="sm"
                  color="gray"
                  circle={count < 10}
                  aria-label={`${String(count)} of them`}
                >
                  {count}
                </Badge>
              )
            }
          >
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ name }) => {
        const Content = CONTENTS[name];
        return (
          <Tabs.Panel key={name} value={name}>
            <Suspense fallback={<Skeleton h={320} aria-label="Loading" />}>
              <Content server={server} />
            </Suspense>
          </Tabs.Panel>
        );
      })}
    </Tabs>
  );
}

interface TabLabel {
  readonly name: TabName;
  readonly label: string;
  readonly count?: number;
}

function useTabs(server: ServerView): readonly TabLabel[] {
  const may = useMay();
  const rights = useServerRights()(server);
  const { toolCount, promptCount, resourceCount } = server;
  if (server.exclusion?.reason === 'invalid-record')
    return [{ name: 'overview', label: 'Overview' }];
  // The gateway itself has no health to check, nothing that was configured, and rights as every call to the API has.
  if (server.builtIn === true) {
    return [
      { name: 'overview', label: 'Overview' },
      { name: 'tools', label: 'Tools', count: toolCount },
      { name: 'connect', label: 'Connect' },
    ];
  }
  return [
    { name: 'overview', label: 'Overview' },
    { name: 'tools', label: 'Tools', count: toolCount },
    { name: 'prompts', label: 'Prompts', count: promptCount },
    { name: 'resources', label: 'Resources', count: resourceCount },
    { name: 'connect', label: 'Connect' },
    ...(may('gateway:read') ? [{ name: 'configuration', label: 'Configuration' } as const] : []),
    ...(may('groups:read') ? [{ name: 'access', label: 'Access' } as const] : []),
    ...(may('audit:read') || rights.edit ? [{ name: 'activity', label: 'Activity' } as const] : []),
  ];
}

/** Sideways alone: the page itself stays where it is. */
function scrollToSelected(list: HTMLElement | null): void {
  const selected = list?.querySelector('[aria-selected="true"]');
  if (!list || !selected) return;
  const box = list.getBoundingClientRect();
  const { left, right } = selected.getBoundingClientRect();
  if (left < box.left) list.scrollLeft -= box.left - left;
  if (right > box.right) list.scrollLeft += right - box.right;
}
