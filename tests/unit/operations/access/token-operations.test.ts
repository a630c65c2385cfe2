import { describe, expect, it } from '@jest/globals';
import type { Account } from '../../../../registry/access/account.js';
import { createAuthenticator } from '../../../../registry/access/authenticator.js';
import { gateCommits } from '../../../../registry/access/gated-store.js';
import { RegistryError } from '../../../../registry/errors.js';
import { createTokenOperations } from '../../../../registry/operations/access/token-operations.js';
import { createFakeClock } from '../../../fakes/fake-clock.js';
import { createMemoryStore } from '../../../fakes/memory-store.js';
import { createRecordingLog } from '../../../fakes/recording-log.js';

const ANN: Account = {
  username: 'ann',
  roles: ['admin'],
  groups: [],
  disabled: false,
  createdAt: '2026-01-02T03:04:05.000Z',
};
const FULL = new RegistryError('gate-write-failed', 'What was decided is stored, but ...', {
  cause: new Error('ENOSPC: no space left on device'),
});

/** Tokens over a gate that takes records as long as it is not full. */
function setUp() {
  const clock = createFakeClock();
  const log = createRecordingLog();
  const files = createMemoryStore({ accounts: [ANN] });
  let fault: (() => void) | undefined;
  const store = gateCommits(files, {
    changed: async () => {
      await Promise.resolve();
      fault?.();
    },
  });
  const uses = { lastUsedAt: () => undefined };
  const tokens = createTokenOperations({ store, uses, clock, log });
  const ann = createAuthenticator({ store, clock }).ofUser('ann');
  if (ann === undefined) throw new Error('there is no Ann');
  const fail = (how: (() => void) | undefined) => {
    fault = how;
  };
  return { issue: () => tokens.issue({ name: 'ci' }, ann), files, tokens, ann, fail, log };
}

const throwFull = () => {
  throw FULL;
};

describe('a token of which the gate could not be told', () => {
  it('is not issued, and nothing of it remains', async () => {
    const { issue, files, tokens, ann, fail } = setUp();
    const kept = await issue();
    fail(throwFull);
    await expect(issue()).rejects.toMatchObject({
      code: 'gate-write-failed',
      message:
        'No token was issued: the gateway could not be told of it (ENOSPC: no space left on device). ' +
        'Make room where the gate records lie (GATE_DIR) and ask again.',
    });
    expect(files.state().tokens.map(({ id }) => id)).toEqual([kept.id]);
    fail(undefined);
    expect((await issue()).token).toMatch(/^mcpgw_/);
    expect(tokens.list(ann)).toHaveLength(2);
  });

  it('is taken back without the others that came meanwhile', async () => {
    const { issue, files, fail } = setUp();
    let count = 0;
    fail(() => {
      count += 1;
      if (count === 1) throw FULL;
    });
    const outcomes = await Promise.allSettled([issue(), issue()]);
    const made = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value.id] : []));
    expect(made).toHaveLength(1);
    expect(files.state().tokens.map(({ id }) => id)).toEqual(made);
  });

  it('is named to be revoked when it cannot be taken back', async () => {
    const { issue, files, fail } = setUp();
    fail(() => {
      files.setHealth({ writable: false, reason: 'The disk is full.', remedy: '' });
      throw FULL;
    });
    const refusal: unknown = await issue().catch((thrown: unknown) => thrown);
    const [left] = files.state().tokens;
    expect(refusal).toMatchObject({
      code: 'gate-write-failed',
      message: expect.stringContaining(
        `(The disk is full.). Revoke it: DELETE /api/tokens/${left?.id ?? 'none'}.`,
      ),
    });
  });
});
