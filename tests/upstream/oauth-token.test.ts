import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createOutboundGuard } from '../../registry/upstream/outbound-guard.js';
import { createOAuthTokens, type OAuthTokens } from '../../registry/upstream/oauth-token.js';
import { createVault } from '../../registry/access/vault.js';
import { createRecordingLog, type RecordingLog } from '../fakes/recording-log.js';
import { oauth, vault } from '../fixtures/stored-auth.js';
import { grant, startTokenEndpoint, type TokenEndpoint } from '../fixtures/token-endpoint.js';
import { until } from './mock-server.js';
import { openGuard } from './watched-server.js';

const SECRET = 's3cret: +/%';

let endpoint: TokenEndpoint;
let log: RecordingLog;
let now: number;
/** What was planned, with the time it is due. */
let planned: { readonly at: number; readonly work: () => void }[];
let open: OAuthTokens[];

beforeEach(async () => {
  endpoint = await startTokenEndpoint();
  log = createRecordingLog();
  now = 1_000_000_000_000;
  planned = [];
  open = [];
});

afterEach(async () => {
  for (const tokens of open) tokens.stop();
  await endpoint.close();
});

function start(change: object = {}): OAuthTokens {
  const tokens = createOAuthTokens({
    open: vault.open,
    guard: openGuard,
    timeoutMs: 1000,
    log,
    clock: () => now,
    schedule: (work, ms) => {
      const task = { at: now + ms, work };
      planned.push(task);
      return () => void (planned = planned.filter((other) => other !== task));
    },
    ...change,
  });
  open.push(tokens);
  return tokens;
}

/** Moves the clock to the next planned task and runs it. */
async function runNext(tokens: OAuthTokens): Promise<void> {
  const next = planned.sort((one, other) => one.at - other.at).shift();
  if (next === undefined) throw new Error('nothing is planned');
  now = Math.max(now, next.at);
  await new Promise<void>((resolve) => {
    const leave = tokens.subscribe(() => {
      leave();
      resolve();
    });
    next.work();
  });
}

const refusedWith = (message: RegExp) =>
  expect.objectContaining({
    reason: 'auth-token-failed',
    message: expect.stringMatching(message),
  });

describe('a token of an OAuth client', () => {
  it('is asked for with the client’s name and secret in the header', async () => {
    const auth = oauth(endpoint.url, { scope: 'a b', resource: 'https://mcp.example.com/' });
    expect(await start().get(auth)).toBe('token-1');
    const [request] = endpoint.requests;
    // RFC 6749, section 2.3.1: form-encoded before they are joined.
    const pair = Buffer.from('the+client:s3cret%3A+%2B%2F%25').toString('base64');
    expect(request?.headers.authorization).toBe(`Basic ${pair}`);
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b',
      resource: 'https://mcp.example.com/',
    });
  });

  it('is asked for with name and secret in the form where the endpoint wants that', async () => {
    await start().get(oauth(endpoint.url, { method: 'post' }));
    const [request] = endpoint.requests;
    expect(request?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      grant_type: 'client_credentials',
      client_id: 'the client',
      client_secret: SECRET,
    });
  });

  it('is used until four fifths of its life are over', async () => {
    const tokens = start();
    const auth = oauth(endpoint.url);
    expect(await Promise.all([tokens.get(auth), tokens.get(auth)])).toEqual(['token-1', 'token-1']);
    now += 2_879_000;
    expect(await tokens.get(auth)).toBe('token-1');
    now += 1000;
    expect(await tokens.get(auth)).toBe('token-2');
    expect(endpoint.requests).toHaveLength(2);
  });

  it.each([
    ['a lifetime in text', '60', 48_000],
    ['no lifetime', undefined, 2_880_000],
    ['a lifetime that makes no sense', 'soon', 2_880_000],
    ['a lifetime of a year', 31_536_000, 43_200_000],
  ])('is renewed in the background: %s', async (_what, seconds, wait) => {
    endpoint.answer = (count) => grant(`token-${count}`, seconds);
    const tokens = start();
    const auth = oauth(endpoint.url);
    tokens.keep([auth]);
    expect(tokens.atHand(auth)).toBeUndefined();
    await runNext(tokens);
    expect(tokens.atHand(auth)).toBe('token-1');
    expect(planned.map(({ at }) => at - now)).toEqual([wait]);
    await runNext(tokens);
    expect(tokens.atHand(auth)).toBe('token-2');
  });

  it('outlives a token endpoint that fails for a while', async () => {
    const tokens = start();
    const auth = oauth(endpoint.url);
    tokens.keep([auth]);
    await runNext(tokens);
    endpoint.answer = () => ({ status: 503 });
    const waits: number[] = [];
    const fail = async () => {
      await runNext(tokens);
      waits.push((planned[0]?.at ?? 0) - now);
    };
    await fail();
    expect(await tokens.get(auth)).toBe('token-1');
    for (let round = 0; round < 7; round += 1) await fail();
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300].map((s) => s * 1000));
    now += 3_600_000;
    expect(tokens.atHand(auth)).toBeUndefined();
    endpoint.answer = () => grant('at-last', 60);
    expect(await tokens.get(auth)).toBe('at-last');
  });

  it('is not asked for again and again while there is none', async () => {
    endpoint.answer = () => ({ status: 401, body: { error: 'invalid_client' } });
    const tokens = start();
    const auth = oauth(endpoint.url);
    for (let round = 0; round < 3; round += 1) {
      await expect(tokens.get(auth)).rejects.toThrow(refusedWith(/invalid_client.*clientSecret/));
    }
    expect(endpoint.requests).toHaveLength(1);
  });

  it('is replaced when the upstream refuses it, but at most once a minute', async () => {
    const tokens = start();
    const auth = oauth(endpoint.url);
    await tokens.get(auth);
    expect(await tokens.renew(auth)).toBe(false);
    now += 60_000;
    expect(await tokens.renew(auth)).toBe(true);
    expect(await tokens.get(auth)).toBe('token-2');
    expect(await tokens.renew(auth)).toBe(false);
    expect(endpoint.requests).toHaveLength(2);
  });

  it('is forgotten with its server, and asked for anew when the credential changes', async () => {
    const tokens = start();
    const auth = oauth(endpoint.url);
    tokens.keep([auth]);
    await runNext(tokens);
    tokens.keep([]);
    expect(planned).toEqual([]);
    expect(tokens.atHand(auth)).toBeUndefined();
    const changed = oauth(endpoint.url, { clientSecret: 'another' });
    expect(await tokens.get(changed)).toBe('token-2');
    const [, basic = ''] = (endpoint.requests[1]?.headers.authorization ?? '').split(' ');
    expect(Buffer.from(basic, 'base64').toString()).toBe('the+client:another');
  });

  it('is had for a server that is not watched, whatever changes meanwhile', async () => {
    const tokens = start();
    const waiting = tokens.get(oauth(endpoint.url));
    tokens.keep([]);
    expect(await waiting).toBe('token-1');
    tokens.keep([]);
    expect(tokens.atHand(oauth(endpoint.url))).toBeUndefined();
  });

  it('is not waited for when the registry stops', async () => {
    const hanging = await startTokenEndpoint();
    let asked = false;
    hanging.answer = () => {
      asked = true;
      // Announces more than comes.
      return { headers: { 'content-length': '1000' } };
    };
    const tokens = start({ timeoutMs: 60_000 });
    const waiting = tokens.get(oauth(hanging.url)).catch((thrown: unknown) => thrown);
    await until(() => asked);
    tokens.stop();
    expect(await waiting).toBeInstanceOf(Error);
    await hanging.close();
  });
});

describe('a token endpoint that gives no token', () => {
  it.each([
    ['refuses in its own words', { status: 400, body: { error: `x ${SECRET}` } }, /answered 400/],
    ['quotes the secret', { status: 400, body: { error_description: SECRET } }, /answered 400/],
    ['names the scope', { status: 400, body: { error: 'invalid_scope' } }, /See scope/],
    ['sends a page', { body: '<html>' }, /not with an access token/],
    ['sends no token', { body: { token_type: 'bearer' } }, /not with an access token/],
    [
      'sends a token that breaks headers',
      { body: { access_token: 'a\r\nb', token_type: 'bearer' } },
      /not with an access token/,
    ],
    [
      'sends another kind of token',
      { body: { access_token: 'a', token_type: 'mac' } },
      /type Bearer/,
    ],
    ['redirects', { status: 307, headers: { location: '/token2' } }, /redirects.*not followed/],
    ['sends without end', { body: `"${'x'.repeat(100_000)}"` }, /sends without end/],
  ])('is told of without secrets: it %s', async (_what, answer, message) => {
    endpoint.answer = () => answer;
    const tokens = start();
    await expect(tokens.get(oauth(endpoint.url))).rejects.toThrow(refusedWith(message));
    expect(endpoint.requests).toHaveLength(1);
    expect(JSON.stringify(log.entries)).not.toContain(SECRET);
    expect(log.entries).toMatchObject([{ level: 'warn' }]);
  });

  it.each([
    ['refuses', { status: 400 }],
    ['redirects', { status: 307, headers: { location: '/token2' } }],
    ['sends a page', { body: '<html>' }],
    ['sends without end', { body: `"${'x'.repeat(100_000)}"` }],
  ])('is told of without what stands in its query: it %s', async (_what, answer) => {
    endpoint.answer = () => answer;
    const refused: unknown = await start()
      .get(oauth(`${endpoint.url}?code=planted`))
      .catch((thrown: unknown) => thrown);
    expect(String(refused)).toContain('?code=[set]');
    expect(String(refused)).not.toContain('planted');
  });

  it('may be one that is not there', async () => {
    const auth = oauth('http://127.0.0.1:1/token');
    await expect(start().get(auth)).rejects.toThrow(refusedWith(/gave no token.*127\.0\.0\.1:1/));
  });

  it('may be one that the outbound policy forbids', async () => {
    const guard = createOutboundGuard({ policy: { mode: 'strict', allow: [] }, ownPorts: [] });
    await expect(start({ guard }).get(oauth(endpoint.url))).rejects.toThrow(
      refusedWith(/UPSTREAM_ALLOW/),
    );
    expect(endpoint.requests).toEqual([]);
  });

  it('may be one that never answers', async () => {
    const tokens = start({ timeoutMs: 50 });
    let answered = false;
    const slow = await startTokenEndpoint();
    slow.answer = () => {
      answered = true;
      // Announces more than comes.
      return { headers: { 'content-length': '1000' } };
    };
    await expect(tokens.get(oauth(slow.url))).rejects.toThrow(
      refusedWith(/did not answer in time/),
    );
    expect(answered).toBe(true);
    await slow.close();
  });

  it('is not even asked with a secret that cannot be read', async () => {
    const tokens = start({ open: createVault('another key').open });
    await expect(tokens.get(oauth(endpoint.url))).rejects.toThrow(
      expect.objectContaining({ reason: 'credential-unreadable' }),
    );
    expect(endpoint.requests).toEqual([]);
  });
});
