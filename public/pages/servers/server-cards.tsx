import { useElementSize } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import type { ServerSummary } from '../../api/servers';
import { ServerCard } from './server-card';
import { useScrollMargin } from './use-scroll-margin';
import type { Selection } from './use-selection';
import type { ServerActions } from './use-server-actions';
import classes from './servers.module.css';

const CARD_HEIGHT = 204;
const GAP = 14;
const LEAST_WIDTH = 330;

export interface ServerListProps {
  readonly servers: readonly ServerSummary[];
  readonly actions: ServerActions;
  /** Undefined where nothing can be done with several servers. */
  readonly selection: Selection | undefined;
}

/** Servers as cards; only those in sight are drawn. */
export function ServerCards({ servers, actions, selection }: ServerListProps) {
  const { ref, width } = useElementSize();
  const [marginRef, scrollMargin] = useScrollMargin();
  const columns = Math.max(1, Math.floor((width + GAP) / (LEAST_WIDTH + GAP)));

  const rows = useWindowVirtualizer({
    count: width === 0 ? 0 : Math.ceil(servers.length / columns),
    estimateSize: () => CARD_HEIGHT + GAP,
    overscan: 4,
    scrollMargin,
  });
  return (
    <div ref={marginRef}>
      <div ref={ref} style={{ position: 'relative', height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ key, index, start }) => (
          <div
            key={key}
            className={classes.row}
            style={{
              gridTemplateColumns: `repeat(${String(columns)}, minmax(0, 1fr))`,
              transform: `translateY(${String(start - scrollMargin)}px)`,
            }}
          >
            {servers.slice(index * columns, (index + 1) * columns).map((server) => (
              <ServerCard
                key={server.path}
                server={server}
                actions={actions}
                onSelect={selection?.set}
                isSelected={selection?.isSelected(server.path) === true}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
