import { NO_FILTER, STATUSES, type ServerFilter } from './server-filter';
import { BY_NAME, SORT_KEYS, type Order, type SortKey } from './server-order';

export const LAYOUTS = ['cards', 'table'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** What the list shows, and how; all of it stands in the address, so that a link shows the same. */
export interface ServersView {
  readonly filter: ServerFilter;
  readonly order: Order;
  /** Undefined: what the person chose last. */
  readonly layout: Layout | undefined;
}

/** Reads the query of an address; what makes no sense there is left out. */
export function readView(query: URLSearchParams): ServersView {
  return {
    filter: {
      status: oneOf(STATUSES, query.get('status')) ?? NO_FILTER.status,
      query: query.get('q') ?? '',
      tags: [...new Set(query.getAll('tag').filter(Boolean))],
      owner: query.get('owner') ?? '',
      era: query.get('era') ?? '',
      transport: query.get('transport') ?? '',
    },
    order: readOrder(query.get('sort')),
    layout: oneOf(LAYOUTS, query.get('view')),
  };
}

/** The query that `readView` reads; what is as it always is, is not in it. */
export function writeView({ filter, order, layout }: ServersView): URLSearchParams {
  const query = new URLSearchParams();
  const set = (name: string, value: string, usual = '') => {
    if (value !== usual) query.set(name, value);
  };
  set('status', filter.status, NO_FILTER.status);
  set('q', filter.query);
  filter.tags.forEach((tag) => query.append('tag', tag));
  set('owner', filter.owner);
  set('era', filter.era);
  set('transport', filter.transport);
  set('sort', orderText(order), orderText(BY_NAME));
  set('view', layout ?? '');
  return query;
}

/** `tools`, or `-tools` for the other way round. */
export function orderText({ by, descending }: Order): string {
  return descending ? `-${by}` : by;
}

export function readOrder(text: string | null): Order {
  const by = oneOf<SortKey>(SORT_KEYS, text?.replace(/^-/, '') ?? null);
  return by === undefined ? BY_NAME : { by, descending: text?.startsWith('-') === true };
}

function oneOf<T extends string>(values: readonly T[], text: string | null): T | undefined {
  return values.find((value) => value === text);
}
