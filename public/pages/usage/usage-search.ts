import { USAGE_DIMENSIONS, USAGE_RANGES, type UsageFilter, type UsageRange } from '../../api/usage';

const USUAL_RANGE: UsageRange = '24h';

/** What the address asks for; a name may be empty, which is not the same as none. */
export function filterOf(search: URLSearchParams): UsageFilter {
  const asked = search.get('range');
  const name = (dimension: string) => search.get(dimension) ?? undefined;
  return {
    range: isRange(asked) ? asked : USUAL_RANGE,
    server: name('server'),
    tool: name('tool'),
    principal: name('principal'),
  };
}

/** The other way round; what is as it always is, is not in it. */
export function searchOf(filter: UsageFilter): URLSearchParams {
  const search = new URLSearchParams();
  if (filter.range !== USUAL_RANGE) search.set('range', filter.range);
  for (const dimension of USAGE_DIMENSIONS) {
    const name = filter[dimension];
    if (name !== undefined) search.set(dimension, name);
  }
  return search;
}

/** Whether it names a server, a tool or a caller. */
export function isNarrowed(filter: UsageFilter): boolean {
  return USAGE_DIMENSIONS.some((dimension) => filter[dimension] !== undefined);
}

function isRange(text: string | null): text is UsageRange {
  return text !== null && Object.hasOwn(USAGE_RANGES, text);
}
