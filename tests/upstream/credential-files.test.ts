import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createVault } from '../../registry/access/vault.js';
import { credentialFileName } from '../../registry/catalog/credential-file-name.js';
import type { Auth } from '../../registry/catalog/server-auth.js';
import type { ServerPath } from '../../registry/catalog/server-path.js';
import {
  createCredentialFiles,
  type CredentialFiles,
} from '../../registry/upstream/credential-files.js';
import {
  createCredentialFolder,
  type CredentialFolder,
} from '../../registry/upstream/credential-folder.js';
import { createUpstreamCredentials } from '../../registry/upstream/credentials.js';
import { createRecordingLog } from '../fakes/recording-log.js';
import { basic, bearer, headers, oauth, vault } from '../fixtures/stored-auth.js';
import { catalogOf, serverAt } from './watched-server.js';

let root: string;
let folder: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'credentials-'));
  folder = path.join(root, 'upstream');
});
const running: CredentialFiles[] = [];
afterEach(() => {
  for (const files of running.splice(0)) files.stop();
  rmSync(root, { recursive: true });
});

/** Tokens that are given by hand. */
function createHandTokens() {
  let listener: () => void = () => undefined;
  const fake = {
    token: undefined as string | undefined,
    kept: [] as readonly Auth[],
    get: () => Promise.reject(new Error('not asked for here')),
    renew: () => Promise.resolve(false),
    atHand: () => fake.token,
    keep: (auths: readonly Auth[]) => void (fake.kept = auths),
    subscribe: (call: () => void) => {
      listener = call;
      return () => void (listener = () => undefined);
    },
    give(token: string | undefined) {
      fake.token = token;
      listener();
    },
  };
  return fake;
}

function setUp(change: { readonly open?: typeof vault.open; files?: CredentialFolder } = {}) {
  const tokens = createHandTokens();
  const log = createRecordingLog();
  const credentials = createUpstreamCredentials({ open: change.open ?? vault.open, tokens });
  const files = createCredentialFiles({
    folder: change.files ?? createCredentialFolder({ path: folder }),
    credentials,
    tokens,
    log,
  });
  running.push(files);
  return { tokens, files, log };
}

const server = (at: string, auth: Auth, change: object = {}) =>
  serverAt('http://127.0.0.1:1/mcp', { path: at, auth, ...change });
const fileOf = (at: string) => path.join(folder, credentialFileName(at as ServerPath));
/** Of lines such as `authorization: Bearer x`. */
const contentOf = (at: string) =>
  Object.fromEntries(
    readFileSync(fileOf(at), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
  );

describe('the credentials that nginx is given', () => {
  it.each([
    ['bearer', bearer('t0ken'), { authorization: 'Bearer t0ken' }],
    ['basic', basic('jané', 'p:w'), { authorization: 'Basic amFuw6k6cDp3' }],
    ['headers', headers({ 'X-Api-Key': 'a', X_B: 'b c' }), { 'x-api-key': 'a', x_b: 'b c' }],
  ])('are the headers of a server: %s', (_type, auth, expected) => {
    const { files } = setUp();
    files.start(catalogOf(server('/a', auth)));
    expect(contentOf('/a')).toEqual(expected);
    expect(statSync(fileOf('/a')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o7777).toBe(0o700);
  });

  it('are opened once, however often the folder is brought in line, and again when they change', () => {
    let opened = 0;
    const { files } = setUp({
      open: (sealed, context) => {
        opened += 1;
        return vault.open(sealed, context);
      },
    });
    const first = server('/a', bearer('t0ken'));
    files.start(catalogOf(first));
    files.sync(catalogOf(first, server('/b', bearer('other'))));
    files.sync(catalogOf({ ...first, name: 'Another name' }));
    expect(opened).toBe(2);
    files.sync(catalogOf(server('/a', bearer('changed'))));
    expect(opened).toBe(3);
    expect(contentOf('/a')).toEqual({ authorization: 'Bearer changed' });
  });

  it('can be read by the group of the workers, where they have an account of their own', () => {
    const group = process.getgid?.() ?? 0;
    const { files } = setUp({ files: createCredentialFolder({ path: folder, group }) });
    files.start(catalogOf(server('/a', bearer('t0ken'))));
    expect(statSync(fileOf('/a'))).toMatchObject({ gid: group });
    expect(statSync(fileOf('/a')).mode & 0o777).toBe(0o640);
    expect(statSync(folder).mode & 0o7777).toBe(0o2710);
  });

  it('are only those of enabled servers with secrets', () => {
    const { files } = setUp();
    files.start(
      catalogOf(
        server('/none', { type: 'none' }),
        server('/through', { type: 'pass-through', from: 'X-A', to: 'X-A' }),
        server('/off', bearer('t0ken'), { enabled: false }),
        server('/on', bearer('t0ken')),
      ),
    );
    expect(readdirSync(folder)).toEqual([path.basename(fileOf('/on'))]);
  });

  it('follow the catalog, at once', () => {
    const { files } = setUp();
    files.start(catalogOf(server('/a', bearer('one')), server('/b', bearer('two'))));
    files.sync(catalogOf(server('/a', bearer('three')), server('/c', bearer('two'))));
    expect(contentOf('/a')).toEqual({ authorization: 'Bearer three' });
    expect(readdirSync(folder).sort()).toEqual(
      ['/a', '/c'].map((at) => path.basename(fileOf(at))).sort(),
    );
    files.sync(new Map());
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are not written again when nothing is different, but when one was lost', () => {
    const { files } = setUp();
    const catalog = catalogOf(server('/a', bearer('one')));
    files.start(catalog);
    const { ino } = statSync(fileOf('/a'));
    files.sync(catalog);
    expect(statSync(fileOf('/a')).ino).toBe(ino);
    rmSync(fileOf('/a'));
    files.sync(catalog);
    expect(contentOf('/a')).toEqual({ authorization: 'Bearer one' });
    rmSync(folder, { recursive: true });
    files.sync(catalog);
    expect(contentOf('/a')).toEqual({ authorization: 'Bearer one' });
  });

  it('are taken over from an earlier run, without what is old', () => {
    const catalog = catalogOf(server('/a', bearer('one')));
    setUp().files.start(catalog);
    const old = path.join(folder, '0'.repeat(32));
    const torn = path.join(folder, `.${'0'.repeat(32)}.tmp`);
    for (const file of [old, torn]) writeFileSync(file, 'x');
    setUp().files.start(catalog);
    expect(readdirSync(folder)).toEqual([path.basename(fileOf('/a'))]);
  });

  it('come and go with the tokens of an OAuth client', () => {
    const { files, tokens } = setUp();
    const auth = oauth('http://127.0.0.1:1/token');
    files.start(catalogOf(server('/a', auth), server('/off', auth, { enabled: false })));
    expect(tokens.kept).toEqual([auth]);
    expect(readdirSync(folder)).toEqual([]);
    tokens.give('first');
    expect(contentOf('/a')).toEqual({ authorization: 'Bearer first' });
    tokens.give('second');
    expect(contentOf('/a')).toEqual({ authorization: 'Bearer second' });
    tokens.give(undefined);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are not there when they cannot be read, and the others are', () => {
    const { open } = createVault('another key');
    const { files } = setUp({
      open: (sealed, at) => (at.endsWith('token') ? 'x' : open(sealed, at)),
    });
    files.start(catalogOf(server('/a', basic('a', 'b')), server('/b', bearer('t0ken'))));
    expect(readdirSync(folder)).toEqual([path.basename(fileOf('/b'))]);
  });

  it('are tried again after a fault, which is logged without them', () => {
    const real = createCredentialFolder({ path: folder });
    let isFull = true;
    const write: CredentialFolder['write'] = (name, text) => {
      if (isFull) throw new Error('ENOSPC: no space left on device');
      real.write(name, text);
    };
    const { files, log } = setUp({ files: { ...real, write } });
    const catalog = catalogOf(server('/a', bearer('t0ken')));
    files.start(catalog);
    expect(log.entries).toMatchObject([
      { level: 'error', fields: { error: 'ENOSPC: no space left on device' } },
    ]);
    expect(JSON.stringify(log.entries)).not.toContain('t0ken');
    isFull = false;
    files.sync(catalog);
    expect(contentOf('/a')).toEqual({ authorization: 'Bearer t0ken' });
  });

  it('are not put where somebody else’s link leads', () => {
    symlinkSync(tmpdir(), folder);
    expect(() => setUp().files.start(new Map())).toThrow(/not a folder of our own/);
  });
});
