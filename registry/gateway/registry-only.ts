import type { ServerPath } from '../catalog/server-path.js';
import type { PlanSources } from './apply/reconciler.js';
import type { Gateway, GatewayOutcome } from './gateway.js';
import { buildPlan } from './plan/build-plan.js';
import { previewOf } from './preview.js';
import type { GatewaySettings } from './plan/settings.js';
import type { Render } from './render/render-config.js';

const NONE: ReadonlyMap<ServerPath, string> = new Map();

/** `NGINX_MODE=none`: the catalog is kept and shown, and the configuration can be read, but no nginx is run. */
export function createRegistryOnly(
  settings: GatewaySettings,
  render: Render,
  sources: () => PlanSources,
): Gateway {
  const planOf = (from: PlanSources) => buildPlan({ ...from, refused: NONE }, settings);
  const outcome: GatewayOutcome = {
    state: 'unchanged',
    generation: '',
    reason: 'NGINX_MODE is none: no nginx is configured',
  };
  return {
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    changed: () => undefined,
    outcome: () => Promise.resolve(outcome),
    status: () => ({
      ...outcome,
      exclusions: planOf(sources()).exclusions,
      outcomes: [],
      drainingWorkers: 0,
      reloads: 0,
      nginx: { mode: 'none' },
    }),
    liveFiles: () => render(planOf(sources())).files,
    generations: () => [],
    generationFiles: () => undefined,
    reopenLogs: () => false,
    // Only the catalog makes a difference here, and it tells so itself.
    subscribe: () => () => undefined,
    preview: (catalog, paths) => ({
      ...previewOf(
        { ...sources(), catalog },
        paths,
        (from) => {
          const plan = planOf(from);
          return { plan, generation: render(plan), revision: from.revision };
        },
        '',
      ),
      reload: false,
    }),
  };
}
