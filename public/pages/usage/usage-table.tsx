import { Anchor, Button, Card, Skeleton, Table, Text, Title, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useUsage, type UsageDimension, type UsageFilter, type UsageGroup } from '../../api/usage';
import { ErrorAlert } from '../../components/error-alert';
import { TimeAgo } from '../../components/time-ago';
import { UntrustedText } from '../../components/untrusted-text';
import { elapsedText } from '../../components/elapsed-text';
import {
  BUSIEST_FIRST,
  nextOrder,
  sortGroups,
  USAGE_COLUMNS,
  type UsageColumn,
  type UsageOrder,
} from './usage-order';
import { searchOf } from './usage-search';
import { keyText, OTHERS, shareText } from './usage-words';
import classes from './usage.module.css';

const SHOWN = 10;
const TITLES = { server: 'By server', tool: 'By tool', principal: 'By caller' } as const;
const NAMES = { server: 'Server', tool: 'Tool', principal: 'Caller' } as const;
const COLUMNS = Object.keys(USAGE_COLUMNS) as readonly UsageColumn[];

interface Props {
  readonly filter: UsageFilter;
  readonly dimension: UsageDimension;
}

/** Who or what was called how often, how fast and with which errors; each row leads to its own calls. */
export function UsageTable({ filter, dimension }: Props) {
  const { data, error, refetch } = useUsage(filter, dimension);
  const [order, setOrder] = useState(BUSIEST_FIRST);
  const [isWhole, setWhole] = useState(false);
  if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton h={160} aria-label="Loading" />;
  const rows = sortGroups(data.groups, order);
  return (
    <Card p={0}>
      <Title order={2} size="h5" px="md" pt="md" pb={4}>
        {TITLES[dimension]}
      </Title>
      <div className={classes.box} tabIndex={0} role="region" aria-label={TITLES[dimension]}>
        <Table className={classes.table} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{NAMES[dimension]}</Table.Th>
              {COLUMNS.map((column) => (
                <Heading key={column} {...{ column, order, setOrder }} />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(isWhole ? rows : rows.slice(0, SHOWN)).map((group) => (
              <Row key={group.key} {...{ group, filter, dimension }} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {rows.length > SHOWN && !isWhole && (
        <Button variant="subtle" m="xs" onClick={() => setWhole(true)}>
          Show all {rows.length}
        </Button>
      )}
    </Card>
  );
}

function Row({ group, filter, dimension }: Props & { readonly group: UsageGroup }) {
  const { key, calls, errors, p50Ms, p95Ms, lastAt } = group;
  const isChosen = filter[dimension] === key;
  const name = <UntrustedText inline text={keyText(dimension, key)} size="sm" max={120} />;
  return (
    <Table.Tr>
      <Table.Th scope="row" className={classes.key}>
        {isChosen || key === OTHERS ? (
          name
        ) : (
          <Anchor
            component={Link}
            to={{ search: searchOf({ ...filter, [dimension]: key }).toString() }}
          >
            {name}
          </Anchor>
        )}
      </Table.Th>
      <Table.Td>{calls.toLocaleString('en')}</Table.Td>
      <Table.Td>
        {errors.toLocaleString('en')}{' '}
        {errors > 0 && (
          <Text span size="xs" c="light-dark(#c92a2a, #ff8787)">
            {shareText(errors, calls)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{elapsedText(p50Ms)}</Table.Td>
      <Table.Td>{elapsedText(p95Ms)}</Table.Td>
      <Table.Td>{lastAt !== null && <TimeAgo at={lastAt} />}</Table.Td>
    </Table.Tr>
  );
}

function Heading(props: {
  readonly column: UsageColumn;
  readonly order: UsageOrder;
  readonly setOrder: (order: UsageOrder) => void;
}) {
  const { column, order, setOrder } = props;
  const isSorted = order.by === column;
  const Arrow = order.descending ? IconArrowDown : IconArrowUp;
  return (
    <Table.Th
      scope="col"
      aria-sort={isSorted ? (order.descending ? 'descending' : 'ascending') : undefined}
    >
      <UnstyledButton className={classes.sort} onClick={() => setOrder(nextOrder(order, column))}>
        {USAGE_COLUMNS[column]}
        {isSorted && <Arrow size={14} aria-hidden />}
      </UnstyledButton>
    </Table.Th>
  );
}
