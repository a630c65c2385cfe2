import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { fillers, writeCatalog } from '../bench/catalog-file.js';
import { launchChromium } from '../fixtures/chromium.js';
import { openConsole, type ConsolePage } from '../fixtures/console.js';
import { eventually } from '../fixtures/eventually.js';
import { startEverythingServer, type EverythingServer } from '../fixtures/everything-server.js';
import { freePort } from '../fixtures/free-port.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { startSseServer, type SseServer } from '../fixtures/sse-server.js';

interface Labelled {
  readonly ariaLabel: string;
}

let gateway: TestGateway;
let everything: EverythingServer;
let events: SseServer;
let browser: Browser;
let opened: ConsolePage[] = [];

beforeAll(async () => {
  [gateway, everything, events, browser] = await Promise.all([
    startTestGateway(),
    startEverythingServer('streamable-http'),
    startSseServer(),
    launchChromium([]),
  ]);
  await makeUser('dora', 'developer');
  await makeUser('vera', 'viewer');
  await makeUser('newbie', 'developer');
  const gone = `http://127.0.0.1:${await freePort()}/mcp`;
  await gateway.register({
    name: 'Kitchen sink',
    path: '/sink',
    url: everything.url,
    tags: ['reference'],
  });
  await gateway.register({
    name: 'Events',
    path: '/team/events',
    url: events.url,
    tags: ['reference', 'old'],
  });
  await gateway.register({ name: 'Gone', path: '/gone', url: gone });
  await gateway.register({ name: 'Asleep', path: '/asleep', url: events.url, enabled: false });
});

afterAll(async () => {
  await browser.close();
  await gateway.close();
  await everything.close();
  await events.close();
});

afterEach(async () => {
  await Promise.all(opened.map((each) => each.close()));
  opened = [];
});

const passwordOf = (username: string) => `a password of ${username}`;

async function makeUser(username: string, role: string): Promise<void> {
  const made = await gateway.api('/api/users', {
    method: 'POST',
    body: JSON.stringify({ username, password: passwordOf(username), roles: [role] }),
  });
  if (made.status !== 201) throw new Error(await made.text());
}

async function open(at: string, username?: string, on = gateway): Promise<ConsolePage> {
  const as = username === undefined ? {} : { as: { username, password: passwordOf(username) } };
  const console = await openConsole(browser, on.url, { at, ...as });
  opened.push(console);
  // Less than a test has, so that it says what it waited for.
  console.page.setDefaultTimeout(12_000);
  return console;
}

const serverOf = async (at: string) => {
  const answer = await gateway.api(`/api/servers${at}`);
  return (await answer.json()) as { enabled: boolean; code?: string };
};
const cards = (page: Page) => page.getByRole('article');
const card = (page: Page, name: string) => page.getByRole('article', { name, exact: true });
const names = (page: Page) =>
  cards(page).evaluateAll((all) =>
    (all as unknown as Labelled[]).map(({ ariaLabel }) => ariaLabel),
  );
const switchOf = (page: Page, name: string) =>
  page.getByRole('switch', { name: `${name} is enabled`, exact: true });
const notice = (page: Page, text: string | RegExp) =>
  page.getByRole('alert').filter({ hasText: text });
const dialog = (page: Page) => page.getByRole('dialog');
const statusOption = (page: Page, name: string) => page.getByText(name, { exact: true });
/** The list is as it was asked for once it shows these. */
const expectNames = async (page: Page, expected: readonly string[]) => {
  const wanted = JSON.stringify(expected);
  const shown = await eventually(
    () => names(page),
    (now) => JSON.stringify(now) === wanted,
  );
  expect(shown).toEqual(expected);
};

describe('the list of servers', () => {
  it('counts, filters and sorts, and a link shows the same to somebody else', async () => {
    const { page, complaints } = await open('/servers');
    await expectNames(page, ['Asleep', 'Events', 'Gone', 'Kitchen sink']);
    for (const each of ['All 4', 'Enabled 3', 'Disabled 1', 'Issues 1']) {
      await statusOption(page, each).waitFor();
    }
    await card(page, 'Kitchen sink').getByText('Healthy').waitFor();
    await card(page, 'Events')
      .getByText(/HTTP\+SSE · Legacy/)
      .waitFor();

    await statusOption(page, 'Issues 1').click();
    await expectNames(page, ['Gone']);
    await statusOption(page, 'All 4').click();
    await page.getByRole('searchbox', { name: 'Find servers' }).fill('ev');
    await expectNames(page, ['Events']);
    await page.getByRole('searchbox', { name: 'Find servers' }).fill('');
    await page.getByRole('button', { name: 'Filter and sort' }).click();
    await page.getByRole('combobox', { name: 'Tags' }).click();
    await page.getByRole('option', { name: 'reference' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Sort' }).click();
    await page.getByRole('option', { name: 'Name, last first' }).click();
    await expectNames(page, ['Kitchen sink', 'Events']);
    const { search } = new URL(page.url());
    expect(search).toBe('?tag=reference&sort=-name');

    const other = await open(`/servers${search}`);
    await expectNames(other.page, ['Kitchen sink', 'Events']);
    expect([...complaints(), ...other.complaints()]).toEqual([]);
  });

  it('remembers the table, which sorts by its headings', async () => {
    const { page, go, complaints } = await open('/servers');
    await page.getByRole('button', { name: 'Show as a table' }).click();
    await page.getByRole('columnheader', { name: 'Tools' }).getByRole('button').click();
    await page
      .getByRole('columnheader', { name: 'Tools' })
      .and(page.locator('[aria-sort="descending"]'))
      .waitFor();
    const first = page.getByRole('row').nth(1);
    await first.getByText('Kitchen sink').waitFor();
    await go('/servers');
    await page.getByRole('table').waitFor();
    expect(complaints()).toEqual([]);
  });

  it('says so when nothing matches, and clears the filters', async () => {
    const { page } = await open('/servers?q=nowhere&status=enabled');
    await page.getByRole('heading', { name: 'No server matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expectNames(page, ['Asleep', 'Events', 'Gone', 'Kitchen sink']);
    expect(new URL(page.url()).search).toBe('');
  });

  it('works on a phone without scrolling sideways', async () => {
    const console = await openConsole(browser, gateway.url, {
      at: '/servers',
      context: { viewport: { width: 390, height: 844 } },
    });
    opened.push(console);
    for (const layout of ['table', 'cards']) {
      await console.go(`/servers?view=${layout}`);
      await console.page.getByText('Kitchen sink').waitFor();
      const [page = 0, screen = 0] = await console.page.evaluate<number[]>(
        'new Promise((done) => requestAnimationFrame(() => done([document.documentElement.scrollWidth, innerWidth])))',
      );
      expect(page).toBeLessThanOrEqual(screen);
    }
  });
});

describe('what is checked again', () => {
  it('is shown with the time of that check, also where nothing else was found', async () => {
    const checked = (page: Page) => card(page, 'Kitchen sink').locator('time');
    const { page: earlier } = await open('/servers');
    await checked(earlier).waitFor();
    await gateway.api('/api/servers/sink/refresh', { method: 'POST' });
    await gateway.api('/api/servers/sink/refresh', { method: 'POST' });
    const answer = await gateway.api('/api/servers/sink');
    const { health } = (await answer.json()) as { health: { checkedAt: string } };
    const { page } = await open('/servers');
    const shown = await eventually(
      async () => (await checked(page).getAttribute('datetime')) ?? '',
      (time) => time >= health.checkedAt,
    );
    expect(shown >= health.checkedAt).toBe(true);
  });
});

describe('changing servers from the list', () => {
  it('disables after a question and enables at once; another browser sees it without a reload', async () => {
    const mine = await open('/servers');
    const other = await open('/servers?status=disabled');
    await card(other.page, 'Asleep').waitFor();
    await switchOf(mine.page, 'Kitchen sink').press('Space');
    await dialog(mine.page).getByRole('button', { name: 'Disable' }).click();
    await notice(mine.page, 'Kitchen sink is disabled').waitFor();
    await card(other.page, 'Kitchen sink').getByText('Disabled').waitFor();
    expect((await serverOf('/sink')).enabled).toBe(false);

    await switchOf(mine.page, 'Kitchen sink').press('Space');
    await notice(mine.page, 'Kitchen sink is enabled').waitFor();
    await card(other.page, 'Kitchen sink').waitFor({ state: 'detached' });
    expect([...mine.complaints(), ...other.complaints()]).toEqual([]);
  });

  it('takes a switch back when the answer is no', async () => {
    const { page, complaints } = await open('/servers');
    await page.route('**/api/servers/asleep/enable', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'store-read-only', title: 'No', detail: 'The disk is full.' }),
      }),
    );
    await switchOf(page, 'Asleep').press('Space');
    await notice(page, 'Asleep could not be enabled').getByText('The disk is full.').waitFor();
    expect(await switchOf(page, 'Asleep').isChecked()).toBe(false);
    expect(complaints(503)).toEqual([]);
  });

  it('checks a server now, and says what it found', async () => {
    const { page, complaints } = await open('/servers');
    await page.getByRole('button', { name: 'More for Kitchen sink' }).click();
    await page.getByRole('menuitem', { name: 'Check now' }).click();
    await notice(page, 'Kitchen sink was checked: Healthy').getByText('Nothing changed.').waitFor();
    expect(complaints()).toEqual([]);
  });

  it('does the same with many, tells of those that failed, and keeps them selected', async () => {
    for (const name of ['one', 'two', 'three']) {
      await gateway.register({ name: `Bulk ${name}`, path: `/bulk/${name}`, url: events.url });
    }
    const { page } = await open('/servers?q=bulk');
    await expectNames(page, ['Bulk one', 'Bulk three', 'Bulk two']);
    await page.route('**/api/servers/bulk/two/disable', (route) => route.abort());
    await page.getByRole('checkbox', { name: 'Select Bulk one' }).click();
    const bar = page.getByRole('region', { name: 'With the selected servers' });
    await bar.getByRole('button', { name: 'Select all 3' }).click();
    await bar.getByText('3 servers selected').waitFor();
    await bar.getByRole('button', { name: 'Disable' }).click();
    await dialog(page).getByRole('button', { name: 'Disable' }).click();
    const summary = page.getByRole('dialog', { name: '2 of 3 servers were disabled' });
    await summary.getByText('/bulk/two').waitFor();
    await summary.getByRole('button', { name: 'Close' }).last().click();
    await bar.getByText('1 server selected').waitFor();
    expect((await serverOf('/bulk/one')).enabled).toBe(false);
    expect((await serverOf('/bulk/two')).enabled).toBe(true);

    await bar.getByRole('button', { name: 'Select all 3' }).click();
    await bar.getByRole('button', { name: 'Delete' }).click();
    await dialog(page).getByRole('textbox').fill('delete 3');
    await dialog(page).getByRole('button', { name: 'Delete' }).click();
    await notice(page, '3 of 3 servers were deleted').waitFor();
    await page.getByRole('heading', { name: 'No server matches' }).waitFor();
    expect((await serverOf('/bulk/three')).code).toBe('server-not-found');
  });

  it('deletes one when its path was typed', async () => {
    await gateway.register({ name: 'Doomed', path: '/doomed', url: events.url });
    const { page, complaints } = await open('/servers');
    await page.getByRole('button', { name: 'More for Doomed' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const confirm = dialog(page).getByRole('button', { name: 'Delete' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog(page).getByRole('textbox').fill('/doomed');
    await confirm.click();
    await card(page, 'Doomed').waitFor({ state: 'detached' });
    expect((await serverOf('/doomed')).code).toBe('server-not-found');
    expect(complaints()).toEqual([]);
  });
});

describe('who may not', () => {
  it('change the servers of others is offered nothing for them', async () => {
    const { page, complaints } = await open('/servers', 'dora');
    await card(page, 'Kitchen sink').waitFor();
    expect(await page.getByRole('switch').count()).toBe(0);
    await page.getByRole('button', { name: 'More for Kitchen sink' }).click();
    await page.getByRole('menuitem', { name: 'Open' }).waitFor();
    expect(await page.getByRole('menuitem').count()).toBe(1);
    await page.getByRole('link', { name: 'Register a server' }).waitFor();
    expect(complaints()).toEqual([]);
  });

  it('change anything has neither switches, selection nor registration', async () => {
    const { page } = await open('/servers', 'vera');
    await card(page, 'Kitchen sink').waitFor();
    expect(await page.getByRole('switch').count()).toBe(0);
    expect(await page.getByRole('checkbox').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Register a server' }).count()).toBe(0);
  });
});

describe('without and with very many servers', () => {
  let full: TestGateway;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'many-servers-'));
    writeCatalog(dataDir, new URL(events.url).origin, fillers(1000));
    full = await startTestGateway({ dataDir });
  });

  afterAll(async () => {
    await full.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('teaches to register the first', async () => {
    const empty = await startTestGateway();
    try {
      const { page, complaints } = await open('/servers', undefined, empty);
      await page.getByRole('heading', { name: 'Register the first server' }).waitFor();
      await page.getByRole('main').getByRole('link', { name: 'Register a server' }).last().click();
      await page.getByRole('heading', { level: 1, name: 'Register a server' }).waitFor();
      expect(complaints()).toEqual([]);
    } finally {
      await empty.close();
    }
  });

  it.each(['cards', 'table'])(
    'draws those in sight alone, and reaches the last: %s',
    async (layout) => {
      const { page, complaints } = await open(`/servers?view=${layout}`, undefined, full);
      await page.getByText('All 1,000').waitFor();
      const links = page.getByRole('main').locator('a[href*="/servers/fill/"]');
      await links.first().waitFor();
      expect(await links.count()).toBeLessThan(80);
      await page.locator('body').press('End');
      await page.getByRole('link', { name: '/fill/server-0999' }).waitFor();
      expect(await links.count()).toBeLessThan(80);
      await page.getByRole('searchbox', { name: 'Find servers' }).fill('server-0500');
      await page.getByText('All 1', { exact: true }).waitFor();
      expect(await links.count()).toBe(1);
      expect(complaints()).toEqual([]);
    },
  );
});
