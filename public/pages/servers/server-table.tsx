import { Checkbox, Table, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import type { ServerListProps } from './server-cards';
import { firstOrder, type Order, type SortKey } from './server-order';
import { ServerRow } from './server-row';
import { useScrollMargin } from './use-scroll-margin';
import classes from './servers.module.css';

const ROW_HEIGHT = 58;

interface Column {
  readonly key: SortKey | 'tags';
  readonly label: string;
  readonly width?: number;
}

const COLUMNS: readonly Column[] = [
  { key: 'name', label: 'Name' },
  { key: 'status', label: 'Status', width: 150 },
  { key: 'tools', label: 'Tools', width: 70 },
  { key: 'transport', label: 'Protocol', width: 160 },
  { key: 'tags', label: 'Tags', width: 180 },
  { key: 'owner', label: 'Owner', width: 100 },
  { key: 'checked', label: 'Checked', width: 130 },
];

interface Props extends ServerListProps {
  readonly order: Order;
  readonly setOrder: (order: Order) => void;
}

/** Servers as a table; only the rows in sight are drawn, and two empty ones keep the place of the others. */
export function ServerTable({ servers, actions, selection, order, setOrder }: Props) {
  const [ref, scrollMargin] = useScrollMargin();

  const rows = useWindowVirtualizer({
    count: servers.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
    scrollMargin,
  });
  const items = rows.getVirtualItems();
  const before = (items[0]?.start ?? scrollMargin) - scrollMargin;
  const after = rows.getTotalSize() - ((items.at(-1)?.end ?? scrollMargin) - scrollMargin);
  const chosen = selection?.selected.length ?? 0;
  return (
    <div className={classes.box} ref={ref} tabIndex={0} role="region" aria-label="Table of servers">
      <Table className={classes.table} aria-rowcount={servers.length + 1}>
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            {selection !== undefined && (
              <Table.Th w={42}>
                <Checkbox
                  size="xs"
                  checked={chosen > 0 && chosen === servers.length}
                  indeterminate={chosen > 0 && chosen < servers.length}
                  onChange={(event) =>
                    event.currentTarget.checked ? selection.selectAll() : selection.clear()
                  }
                  aria-label="Select all"
                />
              </Table.Th>
            )}
            {COLUMNS.map((column) => (
              <Heading key={column.key} column={column} order={order} setOrder={setOrder} />
            ))}
            <Table.Th w={112}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Space height={before} />
          {items.flatMap(({ index }) => {
            const server = servers[index];
            return server === undefined
              ? []
              : [
                  <ServerRow
                    key={server.path}
                    server={server}
                    actions={actions}
                    onSelect={selection?.set}
                    isSelected={selection?.isSelected(server.path) === true}
                    rowIndex={index + 2}
                  />,
                ];
          })}
          <Space height={after} />
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Space({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <tr className={classes.space} aria-hidden>
      <td colSpan={COLUMNS.length + 2} style={{ height }} />
    </tr>
  );
}

function Heading(props: {
  readonly column: Column;
  readonly order: Order;
  readonly setOrder: (order: Order) => void;
}) {
  const { column, order, setOrder } = props;
  const { key, label, width } = column;
  if (key === 'tags') return <Table.Th w={width}>{label}</Table.Th>;
  const isSorted = order.by === key;
  const Arrow = order.descending ? IconArrowDown : IconArrowUp;
  const next = isSorted ? { by: key, descending: !order.descending } : firstOrder(key);
  return (
    <Table.Th
      w={width}
      aria-sort={isSorted ? (order.descending ? 'descending' : 'ascending') : undefined}
    >
      <UnstyledButton className={classes.sort} onClick={() => setOrder(next)}>
        {label}
        {isSorted && <Arrow size={14} aria-hidden />}
      </UnstyledButton>
    </Table.Th>
  );
}
