import { z } from 'zod';
import { serverTarget } from '../../operations/audit/audited.js';
import type { ServerChange } from '../../operations/servers/outcome-view.js';
import type { ServerOperations } from '../../operations/servers/server-operations.js';
import { validate } from '../../operations/validate.js';
import type { GatewayTool } from '../gateway-tool.js';
import { changeOutput, path, refreshOutput, registration, removalOutput } from '../tool-shapes.js';

const CHANGING = { readOnlyHint: false, openWorldHint: false } as const;

const revision = z.int().optional().describe('Refuse unless it is at this revision');

const refreshInput = z.strictObject({ path });
const toggleInput = z.strictObject({ path, enabled: z.boolean().describe('The state wanted') });
const removeInput = z.strictObject({ path, revision });
/** What is in `changes` is judged by the operation, and its problems name fields as the REST API does. */
const updateInput = z.strictObject({
  path,
  changes: z.looseObject({}).describe('Fields as in register_service'),
  revision,
});

type ChangingOperations = Pick<
  ServerOperations,
  'register' | 'patch' | 'enable' | 'disable' | 'remove' | 'refresh'
>;

/** What changes servers, and what makes the gateway look at one. */
export function changingTools(servers: ChangingOperations): readonly GatewayTool[] {
  return [...writingTools(servers), ...switchingTools(servers)];
}

/** As the REST API answers a change. */
function answered({ server, gateway }: ServerChange) {
  return { ...server, gateway };
}

function writingTools(servers: ChangingOperations): readonly GatewayTool[] {
  return [
    {
      name: 'register_service',
      title: 'Register a server',
      description:
        'Adds an MCP server, which the gateway serves at publicUrl once it is enabled, here or by toggle_service. You own it.',
      permission: 'servers:write',
      input: registration,
      output: changeOutput,
      annotations: { ...CHANGING, destructiveHint: false, idempotentHint: false },
      audit: ({ path: at }) => ({ action: 'server.register', target: serverTarget(at) }),
      run: async ({ args, principal }) => answered(await servers.register(args, principal)),
    },
    {
      name: 'update_service',
      title: 'Change a server',
      description:
        'Changes some fields of a server; the others stay. A new path moves it: agents have to follow.',
      permission: 'servers:write',
      input: updateInput,
      output: changeOutput,
      annotations: { ...CHANGING, destructiveHint: true, idempotentHint: true },
      audit: ({ path: at }) => ({ action: 'server.update', target: serverTarget(at) }),
      run: async ({ args, principal }) => {
        const wanted = validate(updateInput, args);
        return answered(
          await servers.patch(wanted.path, wanted.changes, principal, wanted.revision),
        );
      },
    },
    {
      name: 'remove_service',
      title: 'Remove a server',
      description: 'Removes a server for good; toggle_service only stops serving it.',
      permission: 'servers:write',
      input: removeInput,
      output: removalOutput,
      annotations: { ...CHANGING, destructiveHint: true, idempotentHint: false },
      audit: ({ path: at }) => ({ action: 'server.remove', target: serverTarget(at) }),
      run: ({ args, principal }) => {
        const wanted = validate(removeInput, args);
        return servers.remove(wanted.path, principal, wanted.revision);
      },
    },
  ];
}

function switchingTools(servers: ChangingOperations): readonly GatewayTool[] {
  return [
    {
      name: 'toggle_service',
      title: 'Enable or disable a server',
      description:
        'Has the gateway serve a server, or answer 503 in its place. One in the wanted state stays as it is.',
      permission: 'servers:toggle',
      input: toggleInput,
      output: changeOutput,
      annotations: { ...CHANGING, destructiveHint: true, idempotentHint: true },
      audit: ({ path: at, enabled }) => ({
        action: enabled === true ? 'server.enable' : 'server.disable',
        target: serverTarget(at),
      }),
      run: async ({ args, principal }) => {
        const { path: at, enabled } = validate(toggleInput, args);
        return answered(await servers[enabled ? 'enable' : 'disable'](at, principal));
      },
    },
    {
      name: 'refresh_service',
      title: 'Check a server now',
      description:
        'Checks the health of a server and lists its tools anew; tells what has changed.',
      permission: 'servers:refresh',
      input: refreshInput,
      output: refreshOutput,
      annotations: {
        ...CHANGING,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: true,
      },
      audit: ({ path: at }) => ({ action: 'server.refresh', target: serverTarget(at) }),
      run: async ({ args, principal, progress }) => {
        const { path: at } = validate(refreshInput, args);
        progress({ progress: 0, total: 1, message: `Checking ${at}` });
        const { changes: different, ...change } = await servers.refresh(at, principal);
        return { ...answered(change), changes: different };
      },
    },
  ];
}
