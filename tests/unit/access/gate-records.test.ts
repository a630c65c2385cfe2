import { learnedRecordIn } from '../../../registry/access/gate-text.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Account, TokenRecord } from '../../../registry/access/account.js';
import {
  createGateDirectory,
  type GateDirectory,
} from '../../../registry/access/gate-directory.js';
import type { AdmittedToken, GateRecord } from '../../../registry/access/gate-record.js';
import { createGateRecords, type GateRecords } from '../../../registry/access/gate-records.js';
import { gateCommits } from '../../../registry/access/gated-store.js';
import type { Group } from '../../../registry/access/group.js';
import { createFakeClock } from '../../fakes/fake-clock.js';
import { createMemoryStore } from '../../fakes/memory-store.js';
import { createRecordingLog } from '../../fakes/recording-log.js';

const AT = '2026-01-02T03:04:05.000Z';
const SECOND = Date.parse(AT) / 1000;

const shaOf = (digit: string) => digit.repeat(64);
const account = (username: string, rest: Partial<Account> = {}): Account => ({
  username,
  roles: ['viewer'],
  groups: ['a', 'b'],
  disabled: false,
  createdAt: AT,
  ...rest,
});
const token = (digit: string, rest: Partial<TokenRecord> = {}): TokenRecord => ({
  id: `t${digit}`,
  name: digit,
  sha256: shaOf(digit),
  owner: 'vera',
  scopes: [],
  groups: [],
  createdAt: AT,
  ...rest,
});
const group = (name: string, tools: readonly string[]): Group => ({
  name,
  description: '',
  servers: [`/${name}`],
  tools: [...tools],
  denyTools: [],
  createdAt: AT,
  updatedAt: AT,
});
const admitted = (principal: string, expires?: number): AdmittedToken => ({
  principal,
  session: '0'.repeat(32),
  rules: [],
  ...(expires !== undefined && { expires }),
});

/** A directory that counts what is done to it and can be made to fail. */
function watched(directory: GateDirectory) {
  const done: string[] = [];
  const faults = new Set<string>();
  const watch: GateDirectory = {
    ...directory,
    write: async (sha256, text) => {
      done.push(`write ${sha256[0] ?? ''}`);
      if (faults.has(sha256)) throw new Error('ENOSPC: no space left on device');
      await directory.write(sha256, text);
    },
    remove: async (sha256) => {
      done.push(`remove ${sha256[0] ?? ''}`);
      await directory.remove(sha256);
    },
  };
  return { watch, faults, take: () => done.splice(0).sort() };
}

/** What the gate reads in a file. */
function recordIn(text: string): GateRecord {
  const [head = '', ...more] = text.split('\n');
  const [expires, server, session = '', principal = '', ...open] = head.split(' ');
  const last = more.pop();
  return (
    learnedRecordIn(text) ?? {
      principal,
      session,
      ...(expires !== '0' && { expires: Number(expires) }),
      ...(server !== undefined && server !== '*' && { server }),
      rules:
        rulesIn(last) ?? (open.length === 0 ? [] : [{ servers: open, tools: ['*'], deny: [] }]),
    }
  );
}

const rulesIn = (json: string | undefined) =>
  json === undefined ? undefined : (JSON.parse(json) as Pick<AdmittedToken, 'rules'>).rules;

describe('gate records', () => {
  let place: string;
  let open: GateRecords[];
  beforeEach(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'gate-'));
    open = [];
  });
  afterEach(async () => {
    for (const records of open) await records.close();
    await rm(place, { recursive: true, force: true });
  });

  const clock = createFakeClock(AT);
  const start = (secretKey = 'k', maxLearned = 10) => {
    const { watch, faults, take } = watched(createGateDirectory({ path: place }));
    const log = createRecordingLog();
    const records = createGateRecords({ directory: watch, secretKey, clock, log, maxLearned });
    open.push(records);
    return { records, faults, take };
  };
  const recordOf = async (digit: string) =>
    recordIn(await readFile(path.join(place, shaOf(digit)), 'utf8'));
  const names = async () =>
    (await readdir(place)).map((name) => (name === 'ready' ? name : (name[0] ?? ''))).sort();
  const stateOf = (...parts: Parameters<typeof createMemoryStore>) =>
    createMemoryStore(...parts).state();

  describe('at the start', () => {
    it.each<[string, Partial<TokenRecord>, Partial<Account>, object]>([
      [
        'groups give rules',
        { groups: ['a', 'gone'], expiresAt: '2026-01-02T03:04:06.900Z', server: '/weather' },
        {},
        {
          principal: 'vera',
          expires: SECOND + 1,
          server: '/weather',
          rules: [{ servers: ['/a'], tools: ['x'], deny: [] }],
        },
      ],
      ['no groups give no rules', {}, {}, { rules: [] }],
      [
        'a group that the owner is not in any more gives none',
        { groups: ['a'] },
        { groups: [] },
        { rules: [] },
      ],
      [
        'an administrator may give groups that are not their own',
        { groups: ['a'] },
        { roles: ['admin'], groups: [] },
        { rules: [{ servers: ['/a'], tools: ['x'], deny: [] }] },
      ],
      [
        'scope admin of an administrator gives everything',
        { scopes: ['admin'] },
        { roles: ['admin'] },
        { rules: [{ servers: ['*'], tools: ['*'], deny: [] }] },
      ],
      ['scope admin of somebody else gives nothing', { scopes: ['admin'] }, {}, { rules: [] }],
      [
        'one server and no group of an administrator gives that server',
        { server: '/w' },
        { roles: ['admin'] },
        { server: '/w', rules: [{ servers: ['*'], tools: ['*'], deny: [] }] },
      ],
      [
        'one server and no group of somebody else gives nothing',
        { server: '/w' },
        {},
        { rules: [] },
      ],
    ])('%s', async (_name, fields, owner, expected) => {
      const { records } = start();
      const accounts = [account('vera', owner)];
      await records.sync(
        stateOf({ accounts, tokens: [token('1', fields)], groups: [group('a', ['x'])] }),
      );
      expect(await names()).toEqual(['1', 'ready']);
      expect(await recordOf('1')).toMatchObject(expected);
    });

    it.each<[string, Partial<TokenRecord>, Partial<Account>]>([
      ['an expired token', { expiresAt: AT }, {}],
      ['a token of a disabled account', {}, { disabled: true }],
      ['a token without an owner', { owner: 'nobody' }, {}],
    ])('there is no record of %s', async (_name, fields, owner) => {
      const { records } = start();
      const accounts = [account('vera', owner)];
      await records.sync(stateOf({ accounts, tokens: [token('1', fields)] }));
      expect(await names()).toEqual(['ready']);
    });

    it('strangers go, what is right stays, and what is wrong is written anew', async () => {
      const accounts = [account('vera')];
      const first = start();
      await first.records.sync(stateOf({ accounts, tokens: [token('1'), token('2'), token('3')] }));
      await writeFile(path.join(place, shaOf('2')), '{"rules":');
      const second = start();
      await second.records.sync(stateOf({ accounts, tokens: [token('1'), token('2')] }));
      expect(second.take()).toEqual(['remove 3', 'write 2']);
      expect(await names()).toEqual(['1', '2', 'ready']);
      expect(await recordOf('2')).toMatchObject({ principal: 'vera' });
    });

    it('sessions are bound to the principal and to the key', async () => {
      const accounts = [account('vera'), account('ann')];
      const tokens = [token('1'), token('2'), token('3', { owner: 'ann' })];
      const bindings = async (key: string) => {
        await start(key).records.sync(stateOf({ accounts, tokens }));
        return Promise.all(
          ['1', '2', '3'].map(async (digit) => ((await recordOf(digit)) as AdmittedToken).session),
        );
      };
      const [one, two, three] = await bindings('k');
      expect(one).toMatch(/^[0-9a-f]{32}$/);
      expect(two).toBe(one);
      expect(three).not.toBe(one);
      expect((await bindings('other'))[0]).not.toBe(one);
    });
  });

  describe('after a commit', () => {
    const setUp = async () => {
      const { records, take, faults } = start();
      const files = createMemoryStore({
        accounts: [account('vera'), account('ann', { oidc: { issuer: 'i', subject: 's' } })],
        groups: [group('a', ['x']), group('b', ['y'])],
        tokens: [
          token('1', { groups: ['a'] }),
          token('2', { groups: ['b'] }),
          token('3', { owner: 'ann', groups: ['a', 'b'] }),
        ],
      });
      await records.sync(files.state());
      take();
      return { records, files, store: gateCommits(files, records), take, faults };
    };

    it('a revoked token is gone, and a new one is there, when the commit resolves', async () => {
      const { store, take } = await setUp();
      await store.commit(({ tokens }) => ({ tokens: [...tokens.slice(1), token('4')] }));
      expect(await names()).toEqual(['2', '3', '4', 'ready']);
      expect(take()).toEqual(['remove 1', 'write 4']);
    });

    it('a changed group rewrites the tokens that name it, and no others', async () => {
      const { store, take } = await setUp();
      await store.commit(() => ({ groups: [group('a', ['z']), group('b', ['y'])] }));
      expect(take()).toEqual(['write 1', 'write 3']);
      expect(await recordOf('1')).toMatchObject({ rules: [{ tools: ['z'] }] });
      await store.commit(() => ({ groups: [group('b', ['y'])] }));
      expect(await recordOf('1')).toMatchObject({ rules: [] });
    });

    it('a changed user rewrites their own tokens, and a disabled one loses them', async () => {
      const { store, take } = await setUp();
      await store.commit(({ accounts }) => ({
        accounts: accounts.map((each) =>
          each.username === 'ann' ? { ...each, groups: ['b'] } : each,
        ),
      }));
      expect(take()).toEqual(['write 3']);
      await store.commit(({ accounts }) => ({
        accounts: accounts.map((each) => ({ ...each, disabled: each.username === 'vera' })),
      }));
      expect(take()).toEqual(['remove 1', 'remove 2']);
    });

    it('a change of something else touches nothing', async () => {
      const { store, take } = await setUp();
      await store.commit(({ catalog }) => ({ catalog: { ...catalog } }));
      expect(take()).toEqual([]);
    });

    it('commits at once end with the newest state', async () => {
      const { store, files } = await setUp();
      await Promise.all(
        ['4', '5', '6'].map((digit) =>
          store.commit(({ tokens }) => ({ tokens: [...tokens.slice(1), token(digit)] })),
        ),
      );
      expect(files.state().tokens).toHaveLength(3);
      expect(await names()).toEqual(['4', '5', '6', 'ready']);
    });

    it('a commit that is refused leaves the gate alone', async () => {
      const { store, take } = await setUp();
      const refused = store.commit(() => {
        throw new Error('no');
      });
      await expect(refused).rejects.toThrow('no');
      expect(take()).toEqual([]);
    });

    it('says when a file cannot be written, lets nobody in by the old one, and repairs it later', async () => {
      const { store, files, records, faults } = await setUp();
      faults.add(shaOf('1'));
      const change = store.commit(() => ({ groups: [group('a', []), group('b', ['y'])] }));
      await expect(change).rejects.toMatchObject({
        code: 'gate-write-failed',
        message: expect.stringMatching(/is stored, but .*ENOSPC.*Make room in/),
      });
      expect(files.state().groups[0]?.tools).toEqual([]);
      expect(await names()).toEqual(['2', '3', 'ready']);
      // What has nothing to do with access does not suffer from it.
      await store.commit(({ catalog }) => ({ catalog: { ...catalog } }));
      faults.clear();
      await records.sweep(clock());
      expect(await names()).toEqual(['1', '2', '3', 'ready']);
      expect(await recordOf('1')).toMatchObject({ rules: [{ tools: [] }] });
    });

    it('makes the directory anew when somebody has emptied it', async () => {
      const { records } = await setUp();
      await rm(place, { recursive: true });
      await records.sweep(clock());
      expect(await names()).toEqual(['1', '2', '3', 'ready']);
    });

    it('takes away what has expired', async () => {
      const { store, records } = await setUp();
      const expiresAt = new Date(Date.parse(AT) + 1000).toISOString();
      await store.commit(({ tokens }) => ({ tokens: [...tokens, token('4', { expiresAt })] }));
      await records.sweep(new Date(Date.parse(AT) + 999));
      expect(await names()).toContain('4');
      await records.sweep(new Date(Date.parse(AT) + 1000));
      expect(await names()).not.toContain('4');
    });
  });

  describe('what is learned', () => {
    const accounts = [account('vera'), account('ann', { oidc: { issuer: 'i', subject: 's' } })];
    const state = () => stateOf({ accounts, tokens: [token('1')], groups: [group('a', ['x'])] });
    const setUp = async () => {
      const { records, take } = start('k', 3);
      const files = createMemoryStore(state());
      await records.sync(files.state());
      take();
      const learn = (digit: string, record: GateRecord) =>
        records.learn(shaOf(digit), record, files.state());
      return { records, files, store: gateCommits(files, records), learn };
    };
    const refused = (expires = SECOND + 30): GateRecord => ({ refused: true, expires });

    it('is a record that says so', async () => {
      const { learn } = await setUp();
      await learn('a', admitted('ann', SECOND + 60));
      expect(await recordOf('a')).toEqual({ ...admitted('ann', SECOND + 60), learned: true });
    });

    it('never takes the place of a token of ours', async () => {
      const { learn } = await setUp();
      await learn('1', refused());
      expect(await recordOf('1')).toMatchObject({ principal: 'vera' });
    });

    it('makes room: the oldest refused one first, then the oldest', async () => {
      const { learn } = await setUp();
      await learn('a', admitted('ann'));
      await learn('b', refused());
      await learn('c', refused());
      await learn('d', admitted('ann'));
      expect(await names()).toEqual(['1', 'a', 'c', 'd', 'ready']);
      await learn('e', admitted('ann'));
      await learn('f', admitted('ann'));
      expect(await names()).toEqual(['1', 'd', 'e', 'f', 'ready']);
    });

    it('ends when it expires, also at a start', async () => {
      const { learn, records, files } = await setUp();
      await learn('a', admitted('ann', SECOND + 60));
      await learn('b', refused(SECOND + 30));
      await records.sweep(new Date((SECOND + 30) * 1000));
      expect(await names()).toEqual(['1', 'a', 'ready']);
      await learn('c', refused(SECOND));
      await start().records.sync(files.state());
      expect(await names()).toEqual(['1', 'a', 'ready']);
    });

    it('ends with a change of any group', async () => {
      const { learn, store } = await setUp();
      await learn('a', admitted('ann'));
      await learn('b', refused());
      await store.commit(() => ({ groups: [] }));
      expect(await names()).toEqual(['1', 'b', 'ready']);
    });

    it('ends with a change of the account that it admits', async () => {
      const { learn, store } = await setUp();
      await learn('a', admitted('oidc:s'));
      await learn('b', admitted('ann'));
      await learn('c', admitted('oidc:other'));
      await store.commit(() => ({
        accounts: [account('vera'), account('ann', { disabled: true })],
      }));
      expect(await names()).toEqual(['1', 'c', 'ready']);
    });

    it('is not written when it was found out from groups of yesterday', async () => {
      const { records, files, store } = await setUp();
      const yesterday = files.state();
      await store.commit(() => ({ groups: [] }));
      expect(await records.learn(shaOf('a'), admitted('ann'), yesterday)).toBe(false);
      expect(await names()).toEqual(['1', 'ready']);
      expect(await records.learn(shaOf('a'), admitted('ann'), files.state())).toBe(true);
      expect(await names()).toEqual(['1', 'a', 'ready']);
    });

    it('can be taken back, and nothing else can', async () => {
      const { learn, records, files } = await setUp();
      await learn('a', admitted('ann'));
      await records.forget(shaOf('a'));
      await records.forget(shaOf('a'));
      await records.forget(shaOf('1'));
      expect(await names()).toEqual(['1', 'ready']);
      await learn('a', admitted('ann'));
      // Whose call nobody waits for any more.
      await learn('b', { ...admitted('ann'), lent: true });
      await records.sync(files.state());
      expect(await names()).toEqual(['1', 'a', 'ready']);
    });

    it.each<[string, Partial<ReturnType<typeof state>>, string, string[]]>([
      ['stays at a start when nothing has changed meanwhile', {}, 'k', ['1', 'a', 'b', 'ready']],
      ['that admits ends at a start with other groups', { groups: [] }, 'k', ['1', 'b', 'ready']],
      ['that admits ends at a start with another key', {}, 'other', ['1', 'b', 'ready']],
    ])('%s', async (_name, change, key, expected) => {
      const { learn } = await setUp();
      await learn('a', admitted('ann'));
      await learn('b', refused());
      await start(key).records.sync({ ...state(), ...change });
      expect(await names()).toEqual(expected);
    });
  });
});
