import { Button, Group, SegmentedControl, Select } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import { useServers } from '../../api/servers';
import {
  USAGE_RANGES,
  useUsage,
  type UsageDimension,
  type UsageFilter,
  type UsageRange,
} from '../../api/usage';
import { isNarrowed } from './usage-search';
import { keyText, OTHERS, RANGE_LABELS } from './usage-words';

const RANGES = (Object.keys(USAGE_RANGES) as readonly UsageRange[]).map((value) => ({
  value,
  label: RANGE_LABELS[value],
}));
const FIELDS: readonly (readonly [UsageDimension, string, string])[] = [
  ['server', 'Server', 'All servers'],
  ['tool', 'Tool', 'All tools'],
  ['principal', 'Caller', 'All callers'],
];

/** Which calls are shown. */
export function UsageFilterBar(props: {
  readonly filter: UsageFilter;
  readonly onChange: (filter: UsageFilter) => void;
}) {
  const { filter, onChange } = props;
  const servers = useServers().data ?? [];
  const called = {
    server: useUsage(filter, 'server').data?.groups,
    tool: useUsage(filter, 'tool').data?.groups,
    principal: useUsage(filter, 'principal').data?.groups,
  };
  const namesOf = (dimension: UsageDimension) => [
    ...(dimension === 'server' ? servers.map(({ path }) => path) : []),
    ...(called[dimension] ?? []).map(({ key }) => key),
    ...(filter[dimension] === undefined ? [] : [filter[dimension]]),
  ];
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label="Filters of the statistics">
      <SegmentedControl
        aria-label="Time range"
        data={RANGES}
        value={filter.range}
        onChange={(range) => onChange({ ...filter, range })}
      />
      {FIELDS.map(([dimension, label, placeholder]) => (
        <NameSelect
          key={dimension}
          {...{ dimension, label, placeholder }}
          names={namesOf(dimension)}
          value={filter[dimension]}
          onChange={(name) => onChange({ ...filter, [dimension]: name })}
        />
      ))}
      {isNarrowed(filter) && (
        <Button
          variant="subtle"
          leftSection={<IconFilterOff size={16} />}
          onClick={() => onChange({ range: filter.range })}
        >
          Clear the filters
        </Button>
      )}
    </Group>
  );
}

function NameSelect(props: {
  readonly dimension: UsageDimension;
  readonly label: string;
  readonly placeholder: string;
  readonly names: readonly string[];
  readonly value: string | undefined;
  readonly onChange: (name: string | undefined) => void;
}) {
  const { dimension, label, placeholder, names, value, onChange } = props;
  const choices = [...new Set(names)].filter((name) => name !== OTHERS).sort();
  return (
    <Select
      label={label}
      placeholder={placeholder}
      // An empty name is a choice, which the field would take for none.
      data={choices.map((name) => ({ value: `=${name}`, label: keyText(dimension, name) }))}
      value={value === undefined ? null : `=${value}`}
      onChange={(chosen) => onChange(chosen?.slice(1))}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Clear: ${label}` }}
      flex="1 1 160px"
      maw={260}
    />
  );
}
