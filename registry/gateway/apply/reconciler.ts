import path from 'node:path';
import type { ServerPath } from '../../catalog/server-path.js';
import type { Server } from '../../catalog/server.js';
import type { Log } from '../../log.js';
import { NO_TRACE } from '../../trace.js';
import type { Certificates } from '../certificate/certificates.js';
import { buildPlan, type PlanInputs } from '../plan/build-plan.js';
import type { Plan } from '../plan/plan.js';
import type { GatewaySettings } from '../plan/settings.js';
import type { Generation, Render } from '../render/render-config.js';
import { applyGeneration, type Applied, type ApplyParts } from './apply-generation.js';
import { findRefused } from './find-refused.js';

/** nginx names one fault at a time, so that several bad servers take several rounds. After these it is given up. */
const MAX_ROUNDS = 8;

export type PlanSources = Omit<PlanInputs, 'refused' | 'certificate'> & {
  /** Of the catalog. */
  readonly revision: number;
};

/** What nginx should serve now, worked out and rendered. */
export interface Wish {
  readonly generation: Generation;
  readonly plan: Plan;
  /** Of the catalog that it was worked out from. */
  readonly revision: number;
}

export interface Reconciler {
  /** Works out what nginx should serve for `sources`, without the servers that it has refused before. */
  wish(sources: PlanSources): Wish;
  /**
   * Makes nginx serve what it should for `sources`. Servers that it refuses are left out, the others are served.
   * @param first the wish for these sources, where it was worked out before
   */
  bringAbout(sources: PlanSources, first?: Wish): Promise<Applied & { readonly wish: Wish }>;
}

/** Where the certificate comes from, as far as there is HTTPS of our own. */
export type RefusableCertificate = Pick<Certificates, 'files' | 'refuse'>;

export function createReconciler(
  settings: GatewaySettings,
  render: Render,
  parts: ApplyParts & { readonly certificates?: RefusableCertificate },
  log: Log,
): Reconciler {
  /** Servers that nginx refused. Each is left out until it is changed: nginx would say the same of the same bytes. */
  const refusals = new Map<ServerPath, { readonly server: Server; readonly message: string }>();

  const { trace = NO_TRACE } = parts;

  const workOut = (sources: PlanSources): Wish => {
    const refused = new Map(
      [...refusals]
        .filter(([path, { server }]) => sources.catalog.servers.get(path) === server)
        .map(([path, { message }]) => [path, message]),
    );
    const { certificates } = parts;
    const certificate = certificates && { certificate: () => certificates.files() };
    const plan = buildPlan({ ...sources, ...certificate, refused }, settings);
    return { plan, generation: render(plan), revision: sources.revision };
  };

  const wish = (sources: PlanSources) => trace.span('gateway render', () => workOut(sources));

  const tryPlan = async (plan: Plan) => {
    const trial = parts.store.stageTrial(render(plan).files);
    try {
      return await parts.runtime.test(trial.configFile);
    } finally {
      trial.discard();
    }
  };

  /** Whether nginx means the certificate, and there is another one to go back to. */
  const refusesCertificate = ({ settings: { tls } }: Plan, message: string): boolean =>
    tls !== undefined &&
    message.includes(path.dirname(tls.certFile)) &&
    parts.certificates?.refuse(tls, message) === true;

  return {
    wish,
    async bringAbout(sources, first) {
      for (let round = 1; ; round += 1) {
        const wanted = round === 1 && first !== undefined ? first : wish(sources);
        const applied = await applyGeneration(wanted.generation, parts);
        if (applied.state !== 'refused') return { ...applied, wish: wanted };
        if (refusesCertificate(wanted.plan, applied.message)) {
          parts.store.discard(wanted.generation.id);
          continue;
        }
        const culprits =
          round > MAX_ROUNDS ? [] : await findRefused(wanted.plan, applied.message, tryPlan);
        parts.store.discard(wanted.generation.id);
        if (culprits.length === 0)
          return { state: 'rejected', reason: applied.message, wish: wanted };
        for (const { path, message } of culprits) {
          const server = sources.catalog.servers.get(path);
          if (server !== undefined) refusals.set(path, { server, message });
          log.error('nginx refuses a server; the others are served', { path, message });
        }
      }
    },
  };
}
