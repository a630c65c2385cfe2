import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { narrowed, reachOf, toolNamesFor } from '../../../../public/pages/access/group-reach';
import { matchesPattern } from '../../../../public/pages/access/pattern';
import { matches } from '../../../../registry/access/policy.js';

const SERVERS = [
  { path: '/team/billing', name: 'Billing' },
  { path: '/time', name: 'Time' },
];
const TOOLS = [
  { server: '/team/billing', name: 'get_invoice' },
  { server: '/team/billing', name: 'delete_invoice' },
  { server: '/team/billing', name: 'send' },
  { server: '/time', name: 'get_time' },
];

describe('toolNamesFor', () => {
  it('gives the tools of servers that match, and all while none does', () => {
    expect(toolNamesFor(['/tim*'], TOOLS)).toEqual(['get_time']);
    expect(toolNamesFor(['/elsewhere'], TOOLS)).toHaveLength(4);
    expect(toolNamesFor([], [...TOOLS, { server: '/team', name: 'send' }])).toHaveLength(4);
  });
});

describe('narrowed', () => {
  it('drops the "*" that a new group begins with when a name is added', () => {
    expect(narrowed(['*'], ['*', 'get_time'])).toEqual(['get_time']);
    expect(narrowed(['get_time'], ['get_time', '*'])).toEqual(['get_time', '*']);
    expect(narrowed([], ['*'])).toEqual(['*']);
    expect(narrowed(['*'], [])).toEqual([]);
  });
});

describe('reachOf', () => {
  it('shows which servers and tools the patterns match, a denial before all else', () => {
    const group = { servers: ['/team/*'], tools: ['get_*', 'delete_*'], denyTools: ['delete_*'] };
    expect(reachOf(group, SERVERS, TOOLS)).toEqual({
      servers: [
        {
          path: '/team/billing',
          name: 'Billing',
          tools: [
            { name: 'get_invoice', effect: 'allowed' },
            { name: 'delete_invoice', effect: 'denied' },
          ],
        },
      ],
      allowed: 1,
      denied: 1,
    });
  });

  it('reaches nothing without a pattern for a server, and no tool without one for tools', () => {
    expect(reachOf({ servers: [], tools: ['*'], denyTools: [] }, SERVERS, TOOLS).servers).toEqual(
      [],
    );
    const noTools = reachOf({ servers: ['*'], tools: [], denyTools: [] }, SERVERS, TOOLS);
    expect(noTools.servers).toHaveLength(2);
    expect(noTools.allowed).toBe(0);
  });
});

describe('matchesPattern', () => {
  it('says of every pattern and text what the registry says', () => {
    const piece = fc.stringMatching(/^[ab*]{0,7}$/);
    fc.assert(
      fc.property(piece, fc.stringMatching(/^[ab]{0,9}$/), (pattern, text) => {
        expect(matchesPattern(pattern, text)).toBe(matches(pattern, text));
      }),
      { numRuns: 2_000 },
    );
  });
});
