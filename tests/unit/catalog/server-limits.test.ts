import { describe, expect, it } from '@jest/globals';
import {
  serverInputSchema,
  serverPatchSchema,
  serverSchema,
} from '../../../registry/catalog/server.js';
import { limitsSchema } from '../../../registry/catalog/server-limits.js';

const tool = (name: string, more: object = {}) => ({ name, callsPerMinute: 1, ...more });

/** What is wrong, as people are told: the field and the rule. */
const faults = (input: unknown) =>
  limitsSchema
    .safeParse(input)
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('limits', () => {
  it.each([
    [{}],
    [{ callsPerMinute: 1 }],
    [{ callsPerMinute: 1_000_000, burst: 1_000_000 }],
    [{ tools: [] }],
    [{ tools: [tool('echo'), tool('Echo', { burst: 5 }), tool('a/b c "é" $x; {}')] }],
    [{ tools: Array.from({ length: 50 }, (_, i) => tool(`tool_${i}`)) }],
    [{ tools: [tool('é'.repeat(64))] }],
  ])('may be %j', (input) => {
    expect(faults(input)).toBeUndefined();
    expect(limitsSchema.parse(input)).toEqual(input);
  });

  it.each([
    [{ callsPerMinute: 0 }, 'callsPerMinute'],
    [{ callsPerMinute: 1.5 }, 'callsPerMinute'],
    [{ callsPerMinute: 1_000_001 }, 'callsPerMinute'],
    [{ callsPerMinute: '60' }, 'callsPerMinute'],
    [{ callsPerMinute: 60, burst: 0 }, 'burst'],
    [{ burst: 5 }, 'burst: needs callsPerMinute'],
    [{ callsPerHour: 60 }, ': Unrecognized key: "callsPerHour"'],
    [{ tools: [{ name: 'echo' }] }, 'tools.0.callsPerMinute'],
    [{ tools: [tool('')] }, 'tools.0.name: must not be empty'],
    [{ tools: [tool('a\nb')] }, 'tools.0.name: must not contain control characters'],
    [{ tools: [tool('a\ud800')] }, 'tools.0.name: must not contain control characters'],
    [{ tools: [tool('é'.repeat(65))] }, 'tools.0.name: must be at most 128 bytes'],
    [{ tools: [tool('a'), tool('b'), tool('a')] }, 'tools.2.name: must not name "a" again'],
    [{ tools: Array.from({ length: 51 }, (_, i) => tool(`tool_${i}`)) }, 'tools: must be at most'],
  ])('must not be %j', (input, fault) => {
    expect(faults(input)).toEqual([expect.stringContaining(fault)]);
  });

  it('are none unless somebody sets them, in files of older versions as well', () => {
    const input = { name: 'Weather', path: '/weather', url: 'http://weather/mcp' };
    const server = serverInputSchema.parse(input);
    expect(server.limits).toEqual({});
    expect(serverPatchSchema.parse({}).limits).toBeUndefined();
    const stamp = { owner: 'admin', revision: 1, createdAt: AT, updatedAt: AT };
    const older = { ...server, ...stamp, limits: undefined };
    expect(serverSchema.parse(older)).toMatchObject({ limits: {} });
  });
});

const AT = '2026-01-02T03:04:05.000Z';
