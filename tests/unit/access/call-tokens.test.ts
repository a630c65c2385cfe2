import { describe, expect, it } from '@jest/globals';
import { createCallTokens, type CallRights } from '../../../registry/access/call-tokens.js';
import type { GateRecord } from '../../../registry/access/gate-record.js';
import { hashToken, isWellFormedToken } from '../../../registry/access/token.js';
import { createFakeClock } from '../../fakes/fake-clock.js';
import { createMemoryStore } from '../../fakes/memory-store.js';
import { createRecordingLog } from '../../fakes/recording-log.js';

function setUp() {
  const held = new Map<string, GateRecord>();
  /** What the gate says of each state in turn; in the end that it is the newest. */
  const isCurrent: boolean[] = [];
  const faults = { forget: false };
  const log = createRecordingLog();
  const tokens = createCallTokens({
    records: {
      learn: (sha256, record) => {
        const written = isCurrent.shift() ?? true;
        if (written) held.set(sha256, record);
        return Promise.resolve(written);
      },
      forget: (sha256) => {
        if (faults.forget) return Promise.reject(new Error('EIO'));
        held.delete(sha256);
        return Promise.resolve();
      },
    },
    store: createMemoryStore(),
    secretKey: 'a key for tests that nobody else uses',
    clock: createFakeClock(),
    log,
  });
  return { tokens, held, isCurrent, faults, log };
}

const rights = (rules: CallRights['rules'] = () => []): CallRights => ({
  principal: 'vera',
  server: '/weather',
  rules,
  seconds: 30,
});

describe('a token for one call', () => {
  it('is one of ours, known while it is used, and never the same', async () => {
    const { tokens, held } = setUp();
    const used: string[] = [];
    for (let count = 0; count < 2; count += 1) {
      const result = await tokens.lend(rights(), (token) => {
        used.push(token);
        expect([...held.keys()]).toEqual([hashToken(token)]);
        return Promise.resolve('done');
      });
      expect(result).toBe('done');
    }
    expect(used.every(isWellFormedToken)).toBe(true);
    expect(new Set(used).size).toBe(2);
    expect(held.size).toBe(0);
  });

  it('has the rules for its server alone', async () => {
    const { tokens, held } = setUp();
    const here = { servers: ['/other', '/w*'], tools: ['*'], deny: [] };
    const elsewhere = { servers: ['/time'], tools: ['*'], deny: ['x'] };
    await tokens.lend(
      rights(() => [here, elsewhere]),
      () => {
        expect([...held.values()]).toMatchObject([{ server: '/weather', rules: [here] }]);
        return Promise.resolve();
      },
    );
  });

  it('is taken back when the call fails', async () => {
    const { tokens, held } = setUp();
    const failing = tokens.lend(rights(), () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(held.size).toBe(0);
  });

  it('follows groups that change meanwhile, and gives up when they never keep still', async () => {
    const { tokens, isCurrent } = setUp();
    let asked = 0;
    const counting = rights(() => {
      asked += 1;
      return [];
    });
    isCurrent.push(false, false);
    await tokens.lend(counting, () => Promise.resolve());
    expect(asked).toBe(3);
    isCurrent.push(...Array.from({ length: 100 }, () => false));
    const never = tokens.lend(counting, () => Promise.reject(new Error('it was used')));
    await expect(never).rejects.toMatchObject({ code: 'gateway-unavailable' });
  });

  it('that cannot be taken back does not cost the result', async () => {
    const { tokens, faults, log } = setUp();
    faults.forget = true;
    expect(await tokens.lend(rights(), () => Promise.resolve('done'))).toBe('done');
    expect(JSON.stringify(log)).toContain('EIO');
  });
});
