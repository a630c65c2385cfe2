import type { PlanSources, Wish } from './apply/reconciler.js';
import type { Preview } from './gateway.js';

/** The files in which a server has lines of its own. */
const SERVER_FILES = [
  'generated/routes.conf',
  'generated/limits.conf',
  'generated/upstreams.conf',
  'generated/site.conf',
];

/** What nginx would be given for the servers at `paths`, and whether the whole would be another generation. */
export function previewOf(
  sources: PlanSources,
  paths: readonly string[],
  wish: (sources: PlanSources) => Wish,
  served: string,
): Preview {
  const servers = new Map([...sources.catalog.servers].filter(([path]) => paths.includes(path)));
  const alone = wish({ ...sources, catalog: { servers, invalid: [] } });
  return {
    files: alone.generation.files.filter(({ path }) => SERVER_FILES.includes(path)),
    exclusions: alone.plan.exclusions,
    reload: wish(sources).generation.id !== served,
  };
}
