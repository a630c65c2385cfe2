import { describe, expect, it } from '@jest/globals';
import type { Refusal } from '../../../../registry/access/external-tokens.js';
import type { AdmittedToken, GateRecord } from '../../../../registry/access/gate-record.js';
import { createLearnToken } from '../../../../registry/operations/access/gate-learning.js';
import { createFakeClock } from '../../../fakes/fake-clock.js';
import { createMemoryStore } from '../../../fakes/memory-store.js';
import { eventually } from '../../../fixtures/eventually.js';

const GOOD: AdmittedToken = { principal: 'oidc:a', session: '0'.repeat(32), rules: [] };

/** Checks tokens when it is told to. */
function setUp() {
  const asked: string[] = [];
  const settle: ((found: AdmittedToken | Refusal) => void)[] = [];
  const learned: GateRecord[] = [];
  /** What the gate says of each state in turn; in the end that it is the newest. */
  const isCurrent: boolean[] = [];
  const learnToken = createLearnToken({
    externalTokens: {
      verify: (token, server) => {
        asked.push(`${token} ${server}`);
        return new Promise((resolve) => settle.push(resolve));
      },
    },
    learn: (_sha256, record) => {
      learned.push(record);
      return Promise.resolve(isCurrent.shift() ?? true);
    },
    store: createMemoryStore(),
    clock: createFakeClock(),
  });
  return { learnToken, asked, settle, learned, isCurrent };
}

const WEATHER = { server: '/weather' };

describe('many requests of one token at a time', () => {
  it('have it checked and remembered once for each server', async () => {
    const { learnToken, asked, settle, learned } = setUp();
    const calls = [
      learnToken('a', WEATHER),
      learnToken('a', WEATHER),
      learnToken('a', { server: '/time' }),
      learnToken('b', WEATHER),
    ];
    expect(asked).toEqual(['a /weather', 'a /time', 'b /weather']);
    settle.forEach((resolve) => resolve(GOOD));
    await Promise.all(calls);
    expect(learned).toHaveLength(3);
  });

  it('share its refusal, and the next request has it checked again', async () => {
    const { learnToken, asked, settle } = setUp();
    const calls = [learnToken('a', WEATHER), learnToken('a', WEATHER)];
    settle.forEach((resolve) => resolve({ refused: 'unavailable' }));
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({ code: 'identity-provider-unavailable' });
    }
    const again = learnToken('a', WEATHER);
    expect(asked).toHaveLength(2);
    settle.at(-1)?.(GOOD);
    await again;
  });
});

describe('a token that is learned while groups or accounts change', () => {
  it('is looked at again, so that its rules are those of today', async () => {
    const { learnToken, asked, settle, learned, isCurrent } = setUp();
    isCurrent.push(false);
    const learning = learnToken('a', WEATHER);
    settle[0]?.(GOOD);
    await eventually(
      () => asked.length,
      (count) => count === 2,
    );
    const changed = { ...GOOD, rules: [{ servers: ['*'], tools: ['*'], deny: [] }] };
    settle[1]?.(changed);
    await learning;
    expect(learned).toEqual([GOOD, changed]);
  });
});
