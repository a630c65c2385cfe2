import { useLocalStorage } from '@mantine/hooks';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { NO_FILTER, type ServerFilter } from './server-filter';
import { LAYOUTS, readView, writeView, type Layout, type ServersView } from './view-query';
import type { Order } from './server-order';

/** What the list shows, from the address; changes go there. The layout is remembered as well. */
export function useServersView() {
  const [query, setQuery] = useSearchParams();
  const [remembered, remember] = useLocalStorage<Layout>({
    key: 'mcpgw-servers-layout',
    defaultValue: 'cards',
    getInitialValueInEffect: false,
  });
  const view = useMemo(() => readView(query), [query]);
  const usual = LAYOUTS.find((layout) => layout === remembered) ?? 'cards';

  return useMemo(() => {
    const set = (change: (now: ServersView) => ServersView) =>
      setQuery((now) => writeView(change(readView(now))), { replace: true });
    return {
      filter: view.filter,
      order: view.order,
      layout: view.layout ?? usual,
      setFilter: (change: Partial<ServerFilter>) =>
        set((now) => ({ ...now, filter: { ...now.filter, ...change } })),
      clearFilter: () => set((now) => ({ ...now, filter: NO_FILTER })),
      setOrder: (order: Order) => set((now) => ({ ...now, order })),
      setLayout: (layout: Layout) => {
        remember(layout);
        set((now) => ({ ...now, layout }));
      },
    };
  }, [view, usual, setQuery, remember]);
}

export type ServersViewControl = ReturnType<typeof useServersView>;
