import { Button, MultiSelect, Select, SimpleGrid } from '@mantine/core';
import { eraName, transportName } from './server-facts';
import { facetCount, NO_FILTER, type facetsOf } from './server-filter';
import { orderText, readOrder } from './view-query';
import type { ServersViewControl } from './use-servers-view';

const ORDERS = [
  { value: 'name', label: 'Name' },
  { value: '-name', label: 'Name, last first' },
  { value: 'path', label: 'Path' },
  { value: '-path', label: 'Path, last first' },
  { value: 'status', label: 'Issues first' },
  { value: '-status', label: 'Issues last' },
  { value: '-tools', label: 'Most tools' },
  { value: 'tools', label: 'Fewest tools' },
  { value: 'transport', label: 'Protocol' },
  { value: '-transport', label: 'Protocol, last first' },
  { value: 'owner', label: 'Owner' },
  { value: '-owner', label: 'Owner, last first' },
  { value: '-checked', label: 'Checked last' },
  { value: 'checked', label: 'Checked longest ago' },
  { value: '-updated', label: 'Changed last' },
  { value: 'updated', label: 'Changed longest ago' },
];

/** Tags, owner, era, transport and order. What has one value at most is no choice and not shown. */
export function FacetFields(props: {
  readonly view: ServersViewControl;
  readonly facets: ReturnType<typeof facetsOf>;
}) {
  const { view, facets } = props;
  const { filter, order, setFilter, setOrder } = view;
  const one = (
    label: string,
    key: 'owner' | 'era' | 'transport',
    values: readonly string[],
    nameOf: (value: string) => string = (value) => value,
  ) => {
    const chosen = filter[key];
    if (values.length < 2 && chosen === '') return null;
    const all = chosen === '' || values.includes(chosen) ? values : [...values, chosen];
    return (
      <Select
        key={key}
        label={label}
        placeholder="Any"
        clearable
        clearButtonProps={{ 'aria-label': `Any ${label.toLowerCase()}` }}
        searchable={values.length > 8}
        data={all.map((value) => ({ value, label: nameOf(value) }))}
        value={chosen === '' ? null : chosen}
        onChange={(value) => setFilter({ [key]: value ?? '' })}
      />
    );
  };
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} spacing="sm" style={{ alignItems: 'end' }}>
      {(facets.tags.length > 0 || filter.tags.length > 0) && (
        <MultiSelect
          label="Tags"
          placeholder={filter.tags.length === 0 ? 'Any' : ''}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Any tags' }}
          data={[...new Set([...facets.tags, ...filter.tags])]}
          value={[...filter.tags]}
          onChange={(tags) => setFilter({ tags })}
        />
      )}
      {one('Owner', 'owner', facets.owners)}
      {one('Era', 'era', facets.eras, eraName)}
      {one('Transport', 'transport', facets.transports, transportName)}
      <Select
        label="Sort"
        allowDeselect={false}
        data={ORDERS}
        value={orderText(order)}
        onChange={(value) => setOrder(readOrder(value))}
      />
      {facetCount(filter) > 0 && (
        <Button
          variant="subtle"
          onClick={() => setFilter({ ...NO_FILTER, status: filter.status, query: filter.query })}
        >
          Clear filters
        </Button>
      )}
    </SimpleGrid>
  );
}
