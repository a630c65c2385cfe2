import { readFileSync } from 'node:fs';
import type { ServerPath } from '../../catalog/server-path.js';
import type { ConfigTest } from '../nginx/nginx-runtime.js';
import type { Plan, ProxyRoute } from '../plan/plan.js';

/** A server that nginx does not take, with nginx's words. */
export interface RefusedServer {
  readonly path: ServerPath;
  readonly message: string;
}

/** Tests the configuration of a plan, and touches nothing that is served. */
export type TryPlan = (plan: Plan) => Promise<ConfigTest>;

/**
 * Finds the servers for which nginx refuses a plan. Usually its message names the line, and the line ends
 * with its server; where that does not tell, halves are tried until the culprits are alone.
 * Nothing found means that the fault is not with a server.
 */
export async function findRefused(
  plan: Plan,
  message: string,
  tryPlan: TryPlan,
): Promise<RefusedServer[]> {
  const named = serverOfComplaint(message, plan);
  if (named !== undefined && (await tryPlan(without(plan, [named]))).ok) {
    return [{ path: named, message }];
  }
  const proxied = plan.routes.filter((route) => route.kind === 'proxy');
  const base = without(
    plan,
    proxied.map((route) => route.path),
  );
  if (!(await tryPlan(base)).ok) return [];
  return bisect(base, proxied, tryPlan);
}

/** The server at the end of the line that nginx complains of. */
function serverOfComplaint(message: string, plan: Plan): ServerPath | undefined {
  const place = / in (\/\S+):(\d+)$/.exec(message);
  if (place?.[1] === undefined) return undefined;
  const owner = /# (\/\S+)$/.exec(lineOf(place[1], Number(place[2])))?.[1];
  return plan.routes.find((route) => route.path === owner)?.path;
}

function lineOf(file: string, line: number): string {
  try {
    return readFileSync(file, 'utf8').split('\n')[line - 1] ?? '';
  } catch {
    return '';
  }
}

async function bisect(
  base: Plan,
  suspects: readonly ProxyRoute[],
  tryPlan: TryPlan,
): Promise<RefusedServer[]> {
  if (suspects.length === 0) return [];
  const test = await tryPlan({ ...base, routes: [...base.routes, ...suspects] });
  if (test.ok) return [];
  const [only] = suspects;
  if (suspects.length === 1 && only !== undefined)
    return [{ path: only.path, message: test.message }];
  const middle = Math.ceil(suspects.length / 2);
  return [
    ...(await bisect(base, suspects.slice(0, middle), tryPlan)),
    ...(await bisect(base, suspects.slice(middle), tryPlan)),
  ];
}

function without(plan: Plan, paths: readonly ServerPath[]): Plan {
  return { ...plan, routes: plan.routes.filter((route) => !paths.includes(route.path)) };
}
