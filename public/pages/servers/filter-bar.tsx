import {
  ActionIcon,
  Button,
  Collapse,
  Group,
  SegmentedControl,
  Stack,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconAdjustmentsHorizontal,
  IconLayoutGrid,
  IconSearch,
  IconTable,
} from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { facetCount, STATUSES, type facetsOf, type StatusFilter } from './server-filter';
import type { ServersViewControl } from './use-servers-view';

const FacetFields = lazy(async () => ({ default: (await import('./facet-fields')).FacetFields }));

const STATUS_NAMES: Readonly<Record<StatusFilter, string>> = {
  all: 'All',
  enabled: 'Enabled',
  disabled: 'Disabled',
  issues: 'Issues',
};
const TYPING_MS = 150;

/** What narrows the list: status with counts, words, and the rest on request. */
export function FilterBar(props: {
  readonly view: ServersViewControl;
  readonly counts: Readonly<Record<StatusFilter, number>>;
  readonly facets: ReturnType<typeof facetsOf>;
}) {
  const { view, counts, facets } = props;
  const chosen = facetCount(view.filter);
  const [wasOpened, setOpened] = useState(chosen > 0);
  const [isOpen, { toggle }] = useDisclosure(chosen > 0, { onOpen: () => setOpened(true) });
  return (
    <Stack gap="sm" mb="md">
      <Group gap="sm">
        <SegmentedControl
          value={view.filter.status}
          onChange={(status) => view.setFilter({ status: status })}
          data={STATUSES.map((status) => ({
            value: status,
            label: `${STATUS_NAMES[status]} ${counts[status].toLocaleString('en')}`,
          }))}
          aria-label="Status"
        />
        <WordField view={view} />
        <Button
          variant={chosen > 0 ? 'light' : 'default'}
          leftSection={<IconAdjustmentsHorizontal size={16} />}
          onClick={toggle}
          aria-expanded={isOpen}
        >
          Filter and sort{chosen > 0 ? ` (${String(chosen)})` : ''}
        </Button>
        <LayoutChoice view={view} />
      </Group>
      <Collapse expanded={isOpen}>
        <Suspense>{wasOpened && <FacetFields view={view} facets={facets} />}</Suspense>
      </Collapse>
    </Stack>
  );
}

/** Typing is shown at once, and filters when it pauses. */
function WordField({ view }: { readonly view: ServersViewControl }) {
  const { filter, setFilter } = view;
  const [text, setText] = useState(filter.query);
  const [applied, setApplied] = useState(filter.query);
  // Somebody went back, followed a link, or cleared the filters.
  if (applied !== filter.query) {
    setApplied(filter.query);
    if (text.trim() !== filter.query) setText(filter.query);
  }
  useEffect(() => {
    const query = text.trim();
    if (query === filter.query) return undefined;
    const timer = setTimeout(() => setFilter({ query }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, filter.query, setFilter]);
  return (
    <TextInput
      type="search"
      flex={1}
      miw={200}
      placeholder="Name, path, address or tag"
      aria-label="Find servers"
      leftSection={<IconSearch size={16} />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

function LayoutChoice({ view: { layout, setLayout } }: { readonly view: ServersViewControl }) {
  const choices = [
    { value: 'cards', label: 'Show as cards', icon: IconLayoutGrid },
    { value: 'table', label: 'Show as a table', icon: IconTable },
  ] as const;
  return (
    <ActionIcon.Group>
      {choices.map(({ value, label, icon: Symbol }) => (
        <Tooltip key={value} label={label}>
          <ActionIcon
            size={36}
            variant={layout === value ? 'light' : 'default'}
            onClick={() => setLayout(value)}
            aria-label={label}
            aria-pressed={layout === value}
          >
            <Symbol size={18} />
          </ActionIcon>
        </Tooltip>
      ))}
    </ActionIcon.Group>
  );
}
