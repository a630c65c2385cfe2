import { describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../../registry/access/principal.js';
import { addServer, EMPTY_CATALOG } from '../../../../registry/catalog/catalog.js';
import { serverInputSchema } from '../../../../registry/catalog/server.js';
import { NO_AUTH } from '../../../../registry/catalog/server-auth.js';
import { createToolTrials } from '../../../../registry/operations/tools/tool-trial.js';
import { TokenRefused, type ToolCall } from '../../../../registry/operations/tools/tool-caller.js';
import { createMemoryStore } from '../../../fakes/memory-store.js';

const AT = '2026-01-02T03:04:05.000Z';
const ADMIN: Principal = {
  username: 'ada',
  kind: 'user',
  roles: ['admin'],
  permissions: new Set(['servers:write-any'] as const),
  groups: [],
  visibility: { all: true, groups: [] },
};

/** Trials at a gate that does not take the first tokens. */
function setUp({ refusals = 0, access = 'authenticated' as 'authenticated' | 'public' }) {
  const input = { name: 'Weather', path: '/weather', url: 'http://weather/mcp', access };
  const fields = serverInputSchema.parse(input);
  const stamp = { at: AT, by: 'ada', revision: 1 };
  const catalog = addServer(EMPTY_CATALOG, { ...fields, auth: NO_AUTH }, stamp);
  const [server] = catalog.servers.values();
  if (server === undefined) throw new Error('nothing was added');
  const accounts = [
    { username: 'ada', roles: ['admin' as const], groups: [], disabled: false, createdAt: AT },
  ];
  const lent: string[] = [];
  const calls: ToolCall[] = [];
  const reached: (string | undefined)[] = [];
  const trials = createToolTrials({
    store: createMemoryStore({ catalog, accounts }),
    callTokens: {
      lend: (_rights, use) => {
        lent.push(`token ${lent.length + 1}`);
        return use(lent.at(-1) ?? '');
      },
    },
    toolCaller: {
      call: (call) => {
        calls.push(call);
        return calls.length > refusals
          ? Promise.resolve({ content: [] })
          : Promise.reject(new TokenRefused(undefined));
      },
      tryServer: ({ token }) => {
        reached.push(token);
        const isTokenRefused = reached.length <= refusals;
        return Promise.resolve({ steps: [], ok: !isTokenRefused, isTokenRefused });
      },
    },
  });
  const trial = {
    server,
    transport: 'streamable-http' as const,
    tool: 'rain',
    arguments: {},
  };
  const run = (signal = new AbortController().signal) =>
    trials.run(trial, { principal: ADMIN, signal });
  const reach = (signal = new AbortController().signal) =>
    trials.reach(trial, { principal: ADMIN, signal });
  return { run, reach, reached, calls, lent };
}

describe('a trial of a tool', () => {
  it('is made again with another token when the gate does not take the first', async () => {
    const { run, calls } = setUp({ refusals: 1 });
    await expect(run()).resolves.toEqual({ content: [] });
    expect(calls.map(({ token }) => token)).toEqual(['token 1', 'token 2']);
  });

  it('is made twice at most', async () => {
    const { run, calls } = setUp({ refusals: 9 });
    await expect(run()).rejects.toMatchObject({ code: 'gateway-unavailable' });
    expect(calls).toHaveLength(2);
  });

  it('is not made again for a caller who has left', async () => {
    const { run, calls } = setUp({ refusals: 9 });
    await expect(run(AbortSignal.abort())).rejects.toBeInstanceOf(TokenRefused);
    expect(calls).toHaveLength(1);
  });

  it('takes no token where none is asked for', async () => {
    const { run, calls, lent } = setUp({ access: 'public' });
    await run();
    expect([lent, calls.map(({ token }) => token)]).toEqual([[], [undefined]]);
  });
});

describe('a trial of a server', () => {
  it('is made again with another token when the gate does not take the first, and twice at most', async () => {
    const once = setUp({ refusals: 1 });
    await expect(once.reach()).resolves.toMatchObject({ ok: true });
    expect(once.reached).toEqual(['token 1', 'token 2']);
    const never = setUp({ refusals: 9 });
    await expect(never.reach()).resolves.toMatchObject({ ok: false });
    expect(never.reached).toHaveLength(2);
  });

  it('takes no token where none is asked for', async () => {
    const { reach, reached, lent } = setUp({ access: 'public' });
    await reach();
    expect([lent, reached]).toEqual([[], [undefined]]);
  });
});
