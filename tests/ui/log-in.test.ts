import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { askFromPage, launchChromium } from '../fixtures/chromium.js';
import { freePort } from '../fixtures/free-port.js';
import { startFrontProxy } from '../fixtures/front-proxy.js';
import { startTestGateway } from '../fixtures/gateway.js';
import { listen } from '../fixtures/listen.js';
import { selfSigned, type SelfSigned } from '../fixtures/self-signed.js';

const LAN_ADDRESS = '192.168.77.10';
const NAME = 'gateway.example.test';
const OTHER_SITE = 'elsewhere.example.test';
const CREDENTIALS = { username: 'admin', password: 'only for this test run' };

let certificate: SelfSigned;
let folder: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What a test has started; ended in reverse. */
let running: (() => Promise<void>)[];

beforeAll(async () => {
  certificate = selfSigned({ names: `DNS:${NAME}` });
  folder = mkdtempSync(path.join(tmpdir(), 'log-in-'));
  writeFileSync(path.join(folder, 'cert.pem'), certificate.cert);
  writeFileSync(path.join(folder, 'key.pem'), certificate.key);
  browser = await launchChromium([LAN_ADDRESS, NAME, OTHER_SITE], certificate.cert);
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  running = [];
  context = await browser.newContext();
  page = await context.newPage();
});

afterEach(async () => {
  await context.close();
  for (const end of running.reverse()) await end();
});

async function startGateway(port: number, environment: Readonly<Record<string, string>>) {
  const gateway = await startTestGateway({
    environment: { GATEWAY_PORT: String(port), ...environment },
  });
  running.push(() => gateway.close());
}

async function startFront(target: number, options: Parameters<typeof startFrontProxy>[1]) {
  const front = await startFrontProxy(target, options);
  running.push(() => front.close());
  return front;
}

const ownHttps = (port: number): Record<string, string> => ({
  GATEWAY_TLS_PORT: String(port),
  TLS_CERT_FILE: path.join(folder, 'cert.pem'),
  TLS_KEY_FILE: path.join(folder, 'key.pem'),
});

/** Each starts the product in one way, and gives the origin at which people find it. */
const SET_UPS = {
  'http on localhost': async () => {
    const port = await freePort();
    await startGateway(port, {});
    return `http://localhost:${port}`;
  },
  'http at an address of the local network': async () => {
    const port = await freePort();
    await startGateway(port, { PUBLIC_URL: `http://${LAN_ADDRESS}:${port}` });
    return `http://${LAN_ADDRESS}:${port}`;
  },
  'a proxy in front where TLS ends': async () => {
    const port = await freePort();
    const front = await startFront(port, { certificate, says: 'https' });
    const origin = `https://${NAME}:${front.port}`;
    await startGateway(port, { PUBLIC_URL: origin, TRUSTED_PROXIES: '127.0.0.1' });
    return origin;
  },
  'HTTPS of our own': async () => {
    const [port, tlsPort] = [await freePort(), await freePort()];
    const origin = `https://${NAME}:${tlsPort}`;
    await startGateway(port, { PUBLIC_URL: origin, ...ownHttps(tlsPort) });
    return origin;
  },
} as const;

const logIn = (on = page) => askFromPage(on, '/api/login', { method: 'POST', body: CREDENTIALS });

/** What a page does when it wants to know why it is not logged in. */
const check = async (on = page) => {
  const query = `origin=${encodeURIComponent(new URL(on.url()).origin)}`;
  const { body } = await askFromPage(on, `/api/login/check?${query}`);
  const hints = body.hints as { code: string; message: string }[];
  return { ...body, hints: hints.map(({ code }) => code) };
};

describe.each(Object.entries(SET_UPS))('logging in with a browser: %s', (_name, setUp) => {
  let origin: string;

  beforeEach(async () => {
    origin = await setUp();
  });

  it('holds, for reading and for changes with the CSRF token, until the log-out', async () => {
    await page.goto(`${origin}/healthz`);
    expect(await logIn()).toMatchObject({ status: 200, body: { username: 'admin' } });
    const secure = origin.startsWith('https:');
    expect(await context.cookies()).toMatchObject([
      {
        name: 'mcpgw_session',
        domain: new URL(origin).hostname,
        path: '/',
        httpOnly: true,
        sameSite: 'Lax',
        secure,
      },
    ]);
    await page.reload();
    const me = await askFromPage(page, '/api/me');
    expect(me).toMatchObject({ status: 200, body: { username: 'admin', roles: ['admin'] } });
    expect(await check()).toMatchObject({ cookie: 'accepted', secure, hints: [] });

    const group = { method: 'POST', body: { name: 'team', servers: [], tools: [] } };
    expect(await askFromPage(page, '/api/groups', group)).toMatchObject({
      status: 403,
      body: { code: 'csrf-token-invalid' },
    });
    const { csrfToken } = me.body;
    const made = await askFromPage(page, '/api/groups', { ...group, csrfToken });
    expect(made.status).toBe(201);

    const out = await askFromPage(page, '/api/logout', { method: 'POST', csrfToken });
    expect(out.status).toBe(204);
    expect((await askFromPage(page, '/api/me')).status).toBe(401);
  });

  it('cannot be done, and a session not be used, by a page of another site', async () => {
    const other = await listen((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html>
        <form id="login" method="post" action="${origin}/api/login" enctype="text/plain">
          <input name='{"username":"admin","password":"only for this test run","x":"' value='"}'>
        </form>
        <form id="logout" method="post" action="${origin}/api/logout"></form>`);
    });
    running.push(() => other.close());
    const submit = async (form: string) => {
      await page.goto(`http://${OTHER_SITE}:${other.port}/`);
      const answered = page.waitForResponse(
        (answer) => answer.request().method() === 'POST' && answer.url().startsWith(origin),
      );
      await page.locator(`#${form}`).evaluate((element) => {
        (element as unknown as { submit(): void }).submit();
      });
      const status = (await answered).status();
      // The next visit must not cross this one.
      await page.waitForURL((url) => url.origin === origin);
      return status;
    };
    expect(await submit('login')).toBe(403);
    expect(await context.cookies()).toEqual([]);

    await page.goto(`${origin}/healthz`);
    await logIn();
    // The cookie is not sent along.
    expect(await submit('logout')).toBe(401);
    await page.goto(`${origin}/healthz`);
    expect((await askFromPage(page, '/api/me')).status).toBe(200);
  });
});

describe('a log-in that the browser does not keep is explained', () => {
  const expectLost = async () => {
    expect((await logIn()).status).toBe(200);
    const me = await askFromPage(page, '/api/me');
    expect(me.status).toBe(401);
    expect(me.body.detail).toMatch(/did not keep the cookie.*\/api\/login\/check/);
  };

  it('when the proxy in front says https to those who came by http', async () => {
    const port = await freePort();
    const front = await startFront(port, { says: 'https' });
    await startGateway(port, { PUBLIC_URL: `https://${NAME}`, TRUSTED_PROXIES: '127.0.0.1' });
    await page.goto(`http://${NAME}:${front.port}/healthz`);
    await expectLost();
    expect(await context.cookies()).toEqual([]);
    expect(await check()).toMatchObject({
      cookie: 'missing',
      secure: true,
      hints: ['scheme-misreported', 'cookie-not-kept'],
    });
  });

  it('when a Secure cookie of an earlier visit stands in the way', async () => {
    const [port, tlsPort] = [await freePort(), await freePort()];
    await startGateway(port, {
      PUBLIC_URL: `https://${NAME}:${tlsPort}`,
      GATEWAY_ALLOW_PLAIN: 'true',
      ...ownHttps(tlsPort),
    });
    await page.goto(`https://${NAME}:${tlsPort}/healthz`);
    await logIn();
    await page.goto(`http://${NAME}:${port}/healthz`);
    await expectLost();
    expect(await check()).toMatchObject({
      cookie: 'missing',
      secure: false,
      hints: ['not-the-public-url', 'cookie-not-kept'],
    });
  });

  it('and so is one that holds although the proxy in front is not believed', async () => {
    const port = await freePort();
    const front = await startFront(port, { certificate, says: 'https' });
    const origin = `https://${NAME}:${front.port}`;
    await startGateway(port, { PUBLIC_URL: origin });
    await page.goto(`${origin}/healthz`);
    await logIn();
    expect((await askFromPage(page, '/api/me')).status).toBe(200);
    expect(await check()).toMatchObject({
      cookie: 'accepted',
      secure: false,
      hints: ['proxy-not-trusted'],
    });
  });
});

describe('with HTTPS of our own', () => {
  it('a browser finds the documentation, and later does not even ask by http', async () => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    const [port, tlsPort] = [await freePort(), await freePort()];
    await startGateway(port, {
      PUBLIC_URL: `https://${NAME}:${tlsPort}`,
      TLS_HSTS_MAX_AGE: '31536000',
      ...ownHttps(tlsPort),
    });
    // The plain port leads to the other one, for as long as the browser does not know better.
    await page.goto(`http://${NAME}:${port}/docs`);
    expect(page.url()).toBe(`https://${NAME}:${tlsPort}/docs`);
    await page.locator('.swagger-ui .info .title').waitFor();
    expect(complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
    await page.goto(`http://${NAME}:${tlsPort}/docs`);
    expect(page.url()).toBe(`https://${NAME}:${tlsPort}/docs`);
  });
});
