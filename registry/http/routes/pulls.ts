import { z } from 'zod';
import {
  pullInputSchema,
  pullResultSchema,
  type PullRegistry,
} from '../../operations/imports/pull-registry.js';
import {
  registrySourceInputSchema,
  registrySourcePatchSchema,
  registrySourceSchema,
} from '../../catalog/registry-source.js';
import { targetNamed } from '../../operations/audit/audited.js';
import {
  sourcePullInputSchema,
  type RegistrySources,
} from '../../operations/imports/registry-sources.js';
import { guardedRoute, type Route } from '../route.js';

const sourceSchema = registrySourceSchema.meta({ id: 'RegistrySource' });
const FAILURES = [
  'validation-failed',
  'registry-pull-failed',
  'upstream-refused-by-policy',
] as const;

export interface PullRouteDeps {
  readonly registrySources: RegistrySources;
  readonly pullRegistry: PullRegistry;
}

export function pullRoutes(deps: PullRouteDeps): readonly Route[] {
  return [...onceRoutes(deps), ...sourceRoutes(deps), ...sourceIdRoutes(deps)];
}

function onceRoutes({ pullRegistry }: PullRouteDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/api/registries/pull',
      permission: 'servers:write',
      tag: 'Servers',
      summary: 'Take over the servers of another registry, disabled, with a result for each',
      description:
        'Reads `/v0.1/servers` of the registry to its end, through the outbound policy, and takes its servers as ' +
        '`POST /api/import` does, with their `origin`. A server that was pulled before is known by its name in the registry. ' +
        'One that the registry has deleted since is disabled and marked, and never removed; what is deprecated is marked. ' +
        'Nothing is changed when the list cannot be read to its end.',
      request: { body: pullInputSchema },
      success: { status: 200, description: 'The results', schema: pullResultSchema },
      errors: FAILURES,
      audit: { action: 'server.pull', target: () => ({ type: 'server' }), onlyWhenTouched: true },
      handle: async ({ body, principal, signal }) => ({
        body: await pullRegistry(body, principal, signal),
      }),
    }),
  ];
}

function sourceRoutes({ registrySources }: PullRouteDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/registries',
      permission: 'registries:manage',
      tag: 'Servers',
      summary: 'The registries that are followed, and what became of the last pull',
      success: {
        status: 200,
        description: "The caller's own, or all for those who may change everybody's servers",
        schema: z.strictObject({ registries: z.array(sourceSchema).readonly() }),
      },
      errors: [],
      handle: ({ principal }) => ({ body: { registries: registrySources.list(principal) } }),
    }),
    guardedRoute({
      method: 'post',
      path: '/api/registries',
      permission: 'registries:manage',
      tag: 'Servers',
      summary: 'Follow a registry',
      description:
        'With `everyHours` it is pulled from on a schedule, in the name of the account that added it and with its rights; ' +
        'otherwise when somebody asks.',
      request: { body: registrySourceInputSchema },
      success: { status: 201, description: 'The registry', schema: sourceSchema },
      errors: ['validation-failed'],
      audit: { action: 'registry.add', target: () => ({ type: 'registry' }) },
      handle: async ({ body, principal }) => ({ body: await registrySources.add(body, principal) }),
    }),
  ];
}

function sourceIdRoutes({ registrySources }: PullRouteDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'patch',
      path: '/api/registries/{id}',
      permission: 'registries:manage',
      tag: 'Servers',
      summary: 'Change how a registry is followed',
      description:
        'It is still pulled from in the name of the account that added it. With another `search` or `existing` the next ' +
        'pull reads the whole list. The URL stays: follow the other registry and remove this one.',
      request: { body: registrySourcePatchSchema },
      success: { status: 200, description: 'The registry', schema: sourceSchema },
      errors: ['validation-failed', 'registry-not-found'],
      audit: {
        action: 'registry.update',
        target: ({ params }) => targetNamed('registry', params.id),
      },
      handle: async ({ params, body, principal }) => ({
        body: await registrySources.change(params.id ?? '', body, principal),
      }),
    }),
    guardedRoute({
      method: 'delete',
      path: '/api/registries/{id}',
      permission: 'registries:manage',
      tag: 'Servers',
      summary: 'Follow a registry no longer; what was pulled from it stays',
      success: { status: 204, description: 'It is followed no longer' },
      errors: ['registry-not-found'],
      audit: {
        action: 'registry.remove',
        target: ({ params }) => targetNamed('registry', params.id),
      },
      handle: async ({ params, principal }) => {
        await registrySources.remove(params.id ?? '', principal);
        return {};
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/api/registries/{id}/pull',
      permission: 'registries:manage',
      tag: 'Servers',
      summary: 'Take over what a registry that is followed has changed',
      description: 'As `POST /api/registries/pull`, with what is decided of this one.',
      request: { body: sourcePullInputSchema },
      success: { status: 200, description: 'The results', schema: pullResultSchema },
      errors: ['registry-not-found', ...FAILURES],
      audit: { action: 'server.pull', target: () => ({ type: 'server' }), onlyWhenTouched: true },
      handle: async ({ params, body, principal, signal }) => ({
        body: await registrySources.pull(params.id ?? '', body, principal, signal),
      }),
    }),
  ];
}
