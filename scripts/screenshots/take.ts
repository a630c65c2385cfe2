// Takes the pictures of the README from the running product. See CONTRIBUTING.md.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { FLEET, type FleetServer } from './fleet.js';
import { startFleet } from './fleet-servers.js';
import { PICTURES } from './pictures.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = path.join(ROOT, 'public', 'screenshots');
const PASSWORD = 'for these pictures only';
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const READY_MS = 30_000;

const data = mkdtempSync(path.join(tmpdir(), 'screenshots-'));
const fleet = await startFleet(FLEET);
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const registry = spawn(process.execPath, [path.join(ROOT, 'dist', 'registry', 'main.js')], {
  env: {
    PATH: process.env.PATH,
    DATA_DIR: data,
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    REGISTRY_PORT: String(await freePort()),
    ADMIN_PASSWORD: PASSWORD,
    LOG_LEVEL: 'error',
  },
  stdio: 'inherit',
});
try {
  await until('the gateway answers', async () => (await fetch(`${origin}/api/set-up`)).ok);
  await fill();
  mkdirSync(FOLDER, { recursive: true });
  const executablePath = BROWSERS.find(existsSync);
  if (executablePath === undefined) throw new Error('Chromium is needed: apt-get install chromium');
  const browser = await chromium.launch({
    executablePath,
    chromiumSandbox: false,
    args: ['--disable-gpu', '--disable-background-networking', '--disable-sync'],
  });
  try {
    for (const scheme of ['light', 'dark'] as const) await takeAll(browser, scheme);
  } finally {
    await browser.close();
  }
} finally {
  const ended = new Promise((resolve) => registry.once('exit', resolve));
  registry.kill('SIGTERM');
  await ended;
  await fleet.close();
  rmSync(data, { recursive: true, force: true });
}

/** Registers the fleet, and makes the groups, users and tokens that an organisation would have. */
async function fill(): Promise<void> {
  for (const server of FLEET) await call('POST', '/api/servers', registrationOf(server));
  await call('POST', '/api/groups', {
    name: 'developers',
    servers: ['/github', '/jira', '/docs-search', '/kubernetes'],
    tools: ['*'],
    denyTools: ['scale_deployment', 'merge_pull_request'],
  });
  await call('POST', '/api/groups', { name: 'finance', servers: ['/finance/*'], tools: ['*'] });
  await call('POST', '/api/groups', {
    name: 'reporting-agents',
    servers: ['/warehouse', '/finance/ledger'],
    tools: ['run_query', 'describe_table', 'list_*', 'get_*'],
  });
  for (const [username, displayName, roles, groups] of [
    ['mira', 'Mira Okafor', ['operator'], ['developers']],
    ['jonas', 'Jonas Weber', ['developer'], ['developers']],
    ['aiko', 'Aiko Tanaka', ['viewer'], ['finance']],
  ] as const) {
    await call('POST', '/api/users', { username, displayName, roles, groups, password: PASSWORD });
  }
  await call('POST', '/api/tokens', {
    name: 'release bot',
    groups: ['developers'],
    expiresInDays: 90,
  });
  await call('POST', '/api/tokens', { name: 'monthly report', groups: ['reporting-agents'] });
  await until('every server was checked', async () => {
    const { servers } = (await call('GET', '/api/servers?limit=100')) as {
      servers: readonly { enabled: boolean; health: { checkedAt?: string } }[];
    };
    return servers.every(({ enabled, health }) => !enabled || health.checkedAt !== undefined);
  });
}

function registrationOf(server: FleetServer) {
  const { path: at, name, description, tags, access, condition } = server;
  return {
    path: at,
    name,
    description,
    tags,
    url: fleet.urlOf(server),
    enabled: condition !== 'disabled',
    ...(access && { access }),
  };
}

async function call(method: string, at: string, body?: unknown): Promise<unknown> {
  const token = readFileSync(path.join(data, 'operator-token'), 'utf8').trim();
  const answer = await fetch(origin + at, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${at}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function takeAll(browser: Browser, scheme: 'light' | 'dark'): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 860 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  await logIn(page);
  for (const { name, at, size, prepare } of PICTURES) {
    await page.setViewportSize(size ?? { width: 1360, height: 860 });
    await page.goto(`${origin}/ui${at}`, { waitUntil: 'networkidle' });
    await prepare?.(page);
    await page.screenshot({ path: path.join(FOLDER, `${name}-${scheme}.png`) });
    console.log(`${name}-${scheme}.png`);
  }
  await context.close();
  if (faults.length > 0) throw new Error(`The browser complained:\n${faults.join('\n')}`);
}

async function logIn(page: Page): Promise<void> {
  await page.goto(`${origin}/ui/login`);
  await page.getByLabel('User name').fill('admin');
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + READY_MS;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}.`);
    await wait(100);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port: free } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return free;
}
