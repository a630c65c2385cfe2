import { Badge, Group } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import type { ToolView } from '../../../api/server-tools';
import { UntrustedText } from '../../../components/untrusted-text';
import classes from './tool-list.module.css';

const ROW_PX = 62;

/** Tools by name; only those in sight are drawn, since servers have hundreds. */
export function ToolList(props: { readonly tools: readonly ToolView[]; readonly chosen?: string }) {
  const { tools, chosen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- Its functions are called here alone.
  const rows = useVirtualizer({
    count: tools.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const chosenAt = tools.findIndex(({ name }) => name === chosen);
  useEffect(() => {
    if (chosenAt > 0) rows.scrollToIndex(chosenAt, { align: 'auto' });
    // Only when another one is chosen: whoever scrolls on is left alone.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [chosenAt]);
  return (
    <nav ref={scroller} className={classes.scroller} aria-label="Tools">
      <ul className={classes.list} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const tool = tools[index];
          if (tool === undefined) return null;
          return (
            <li
              key={index}
              className={classes.row}
              style={{ transform: `translateY(${String(start)}px)`, height: ROW_PX }}
              aria-setsize={tools.length}
              aria-posinset={index + 1}
            >
              <ToolRow tool={tool} isChosen={tool.name === chosen} />
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function ToolRow({ tool, isChosen }: { readonly tool: ToolView; readonly isChosen: boolean }) {
  const { name, title, description, review, warnings } = tool;
  return (
    <Link
      to={`?tab=tools&tool=${encodeURIComponent(name)}`}
      className={classes.tool}
      aria-current={isChosen ? 'true' : undefined}
    >
      <Group gap={6} wrap="nowrap">
        <UntrustedText inline text={name} fw={550} size="sm" max={80} flex={1} miw={0} />
        {review?.state === 'new' && <Badge size="xs">New</Badge>}
        {review?.state === 'changed' && (
          <Badge size="xs" color="orange" className={classes.mark}>
            Changed
          </Badge>
        )}
        {warnings.length > 0 && (
          <Badge size="xs" color="gray" aria-label={`${String(warnings.length)} warnings`}>
            !
          </Badge>
        )}
      </Group>
      <UntrustedText
        inline
        display="block"
        text={(title ?? description ?? '').slice(0, 160)}
        c="dimmed"
        size="xs"
        max={120}
      />
    </Link>
  );
}
