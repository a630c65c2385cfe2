import { Skeleton, Text } from '@mantine/core';
import { IconTools } from '@tabler/icons-react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { useAllTools } from '../../api/server-tools';
import { useServers } from '../../api/servers';
import { EmptyState } from '../../components/empty-state';
import { ErrorAlert } from '../../components/error-alert';
import { ServerHeading } from './server-heading';
import { ToolCard } from './tool-card';
import { toolRows, type ToolRow } from './tool-rows';
import classes from './tools.module.css';

const ROW_PX = { server: 54, tool: 92 } as const;
/** So near the end, the next page is asked for. */
const ROWS_AHEAD = 20;

/** All tools by server; only those in sight are drawn and only as many are fetched as somebody scrolls to. */
export function AllTools() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching } = useAllTools(true);
  const { data: servers } = useServers();
  const rows = useMemo(
    () => toolRows(data?.pages.flatMap(({ tools }) => tools) ?? [], servers ?? []),
    [data, servers],
  );
  if (error !== null && data === undefined) {
    return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <Skeleton h={400} aria-label="Loading" />;
  const total = data.pages.at(-1)?.total ?? 0;
  if (total === 0) return <NoTools />;
  return (
    <div>
      <Text size="sm" c="dimmed" mb="sm">
        {total.toLocaleString('en')} {total === 1 ? 'tool' : 'tools'}
      </Text>
      <Rows
        rows={rows}
        onEnd={() => {
          if (hasNextPage && !isFetching) void fetchNextPage();
        }}
      />
      {isFetching && hasNextPage && <Skeleton h={60} mt="sm" aria-label="Loading more" />}
    </div>
  );
}

function Rows({ rows, onEnd }: { readonly rows: readonly ToolRow[]; readonly onEnd: () => void }) {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const box = list.current?.getBoundingClientRect();
    setTop((box?.top ?? 0) + window.scrollY);
  }, []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => ROW_PX[rows[index]?.kind ?? 'tool'],
    overscan: 10,
    scrollMargin: top,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - ROWS_AHEAD) onEnd();
  }, [last, rows.length, onEnd]);
  return (
    <div ref={list} className={classes.list} style={{ height: virtual.getTotalSize() }}>
      {items.map(({ index, key, start }) => {
        const row = rows[index];
        if (row === undefined) return null;
        return (
          <div
            key={key}
            data-index={index}
            ref={virtual.measureElement}
            className={classes.row}
            style={{ transform: `translateY(${String(start - top)}px)` }}
          >
            {row.kind === 'server' ? <ServerHeading row={row} /> : <ToolCard tool={row.tool} />}
          </div>
        );
      })}
    </div>
  );
}

function NoTools() {
  return (
    <EmptyState
      icon={IconTools}
      title="No tools yet"
      action={
        <Button component={Link} to="/servers" mt="xs">
          Go to servers
        </Button>
      }
    >
      Tools come with servers: register one, and what it offers is listed here as soon as it was
      checked.
    </EmptyState>
  );
}
