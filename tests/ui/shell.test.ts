import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { ADMIN, fillLogIn, logIn, openConsole, type ConsolePage } from '../fixtures/console.js';
import { startConsoleStage, type ConsoleStage } from '../fixtures/console-stage.js';
import { eventually } from '../fixtures/eventually.js';

/** Of the polling that stands in for what is not pushed. */
const PERIOD_MS = 10_000;
const PHONE = { viewport: { width: 390, height: 844 } };

let stage: ConsoleStage;
let gateway: ConsoleStage['gateway'];
let upstream: ConsoleStage['upstream'];
let browser: Browser;
let opened: ConsolePage[] = [];

beforeAll(async () => {
  stage = await startConsoleStage();
  ({ gateway, upstream, browser } = stage);
  await gateway.register({
    name: 'Kitchen sink',
    path: '/sink',
    url: upstream.url,
    tags: ['reference'],
  });
});

afterAll(async () => {
  await stage.close();
});

afterEach(async () => {
  await Promise.all(opened.map((each) => each.close()));
  opened = [];
});

async function open(options: Parameters<typeof openConsole>[2] = {}): Promise<ConsolePage> {
  const console = await openConsole(browser, gateway.url, options);
  opened.push(console);
  return console;
}

const places = (page: Page) => page.getByRole('navigation', { name: 'Main' });
const schemeOf = (page: Page) => page.locator('html').getAttribute('data-mantine-color-scheme');
const focused = (page: Page) => page.locator(':focus');

describe('a registry that does not answer', () => {
  it('leaves nobody before an empty page', async () => {
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { page, complaints } = await open({
      prepare: async (blank) => {
        await blank.route('**/api/me', async (route) => {
          await answered;
          await route.continue();
        });
      },
    });
    await page.getByRole('banner').getByText('MCP Gateway').waitFor();
    await page.getByText('The registry has not answered yet.').waitFor();
    answer();
    await places(page).waitFor();
    expect(complaints()).toEqual([]);
  });
});

describe('the shell remembers', () => {
  it('the theme that was chosen, from the first paint on', async () => {
    const { page, complaints } = await open({ context: { colorScheme: 'light' } });
    await places(page).waitFor();
    expect(await schemeOf(page)).toBe('light');
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();

    const scripts = page.waitForRequest(/\/ui\/assets\/index-.*\.js$/);
    await page.reload({ waitUntil: 'commit' });
    await scripts;
    await page.locator('body').waitFor({ state: 'attached' });
    expect(await schemeOf(page)).toBe('dark');
    await places(page).waitFor();
    expect(await schemeOf(page)).toBe('dark');
    expect(complaints()).toEqual([]);
  });

  it('that the sidebar is narrow, where places keep their names', async () => {
    const { page, complaints } = await open();
    await page.getByRole('button', { name: 'Narrow the sidebar' }).click();
    await page.getByRole('button', { name: 'Widen the sidebar' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Widen the sidebar' }).waitFor();
    await places(page).getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(complaints()).toEqual([]);
  });
});

describe('search finds from everywhere, with the keys alone', () => {
  it.each([
    ['a server by its name', 'kitchen', /^Kitchen sink\/sink/, '/ui/servers/sink'],
    ['a tag', 'reference', /^referenceone server/, '/ui/servers?tag=reference'],
    ['a tool', 'echo', /^Echo.*Kitchen sink/i, '/ui/servers/sink?tab=tools&tool=echo'],
  ])('%s', async (_what, words, title, address) => {
    const { page, complaints } = await open({ at: '/settings' });
    await places(page).waitFor();
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Search servers, tools and tags' });
    await field.fill(words);
    await page.getByRole('option').filter({ hasText: title }).first().waitFor();
    const chosen = page.getByRole('option', { selected: true });
    await eventually(
      async () => {
        const text = (await chosen.textContent()) ?? '';
        if (!title.test(text)) await field.press('ArrowDown');
        return text;
      },
      (text) => title.test(text),
    );
    await field.press('Enter');
    await page.waitForURL((url) => url.pathname + url.search === address);
    await field.waitFor({ state: 'detached' });
    expect(complaints()).toEqual([]);
  });
});

describe('the key for search', () => {
  it('opens it from within a text field as well, where a slash is a letter', async () => {
    const { page, complaints } = await open({ at: '/servers' });
    const filter = page.getByPlaceholder('Name, path, address or tag');
    await filter.fill('sink');
    await page.keyboard.press('/');
    expect(await filter.inputValue()).toBe('sink/');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search servers, tools and tags' }).waitFor();
    expect(complaints()).toEqual([]);
  });

  it('leaves a form in a dialog alone', async () => {
    const { page } = await open({ at: '/access' });
    await page.getByRole('button', { name: 'Create a token' }).click();
    const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
    await name.fill('agent');
    await page.keyboard.press('Control+k');
    expect(await page.getByRole('dialog').count()).toBe(1);
    expect(await name.inputValue()).toBe('agent');
  });
});

describe('the keyboard', () => {
  it('skips to the content', async () => {
    const { page } = await open();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page).textContent()).toBe('To the content');
    await page.keyboard.press('Enter');
    expect(await focused(page).getAttribute('id')).toBe('content');
  });

  it('opens menus, chooses in them and comes back to where it was', async () => {
    const { page } = await open();
    const account = page.getByRole('button', { name: 'Account of admin' });
    await account.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Log out' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem', { name: 'Log out' }).waitFor({ state: 'detached' });
    expect(await focused(page).getAttribute('aria-label')).toBe('Account of admin');
  });

  it('meets the places of a phone only while their menu is open', async () => {
    const { page } = await open({ context: PHONE });
    const menu = page.getByRole('button', { name: 'Open the menu' });
    await menu.waitFor();
    expect(await places(page).isVisible()).toBe(false);
    await menu.press('Enter');
    await places(page).getByRole('link', { name: 'Gateway' }).waitFor();
    await page.keyboard.press('Escape');
    await places(page).waitFor({ state: 'hidden' });
    await menu.press('Enter');
    await places(page).getByRole('link', { name: 'Gateway' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Gateway' }).waitFor();
    await places(page).waitFor({ state: 'hidden' });
  });
});

describe('without pushed changes', () => {
  it('says so, and asks for them instead', async () => {
    const { page, complaints } = await open({
      at: '/gateway',
      prepare: (each) => each.routeWebSocket('**/ws', (socket) => socket.close()),
    });
    await page.getByRole('button', { name: 'Not live: connect now' }).waitFor();
    const generation = page.getByRole('region', { name: 'What is served' }).locator('code');
    const before = await generation.textContent();
    const changed = Date.now();
    await gateway.register({ name: 'Second', path: '/second', url: upstream.url });
    await eventually(
      () => generation.textContent(),
      (text) => text !== before,
      2 * PERIOD_MS + 5_000,
    );
    expect(Date.now() - changed).toBeLessThan(2 * PERIOD_MS + 5_000);
    expect(complaints()).toEqual([]);
  });

  it('has no mark while changes are pushed, and shows them within a moment', async () => {
    const { page, complaints } = await open({ at: '/gateway' });
    const generation = page.getByRole('region', { name: 'What is served' }).locator('code');
    const before = await generation.textContent();
    await gateway.register({ name: 'Third', path: '/third', url: upstream.url });
    await eventually(
      () => generation.textContent(),
      (text) => text !== before,
      5_000,
    );
    expect(await page.getByRole('button', { name: /Not live/ }).count()).toBe(0);
    expect(complaints()).toEqual([]);
  });
});

describe('the session', () => {
  it('ends with the log-out, and no page is shown after it', async () => {
    const { page, go, complaints } = await open({ as: null, at: '/login' });
    await fillLogIn(page, ADMIN);
    await places(page).waitFor();
    await page.getByRole('button', { name: 'Account of admin' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await go('/gateway?tab=generations');
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await places(page).count()).toBe(0);
    expect(complaints()).toEqual([]);
  });

  it('that ends elsewhere leads to the log-in, and from there back to the page', async () => {
    const { page, complaints } = await open({ at: '/gateway?tab=generations' });
    await page.getByRole('tab', { name: 'Generations', selected: true }).waitFor();
    const elsewhere = await browser.newContext();
    await logIn(elsewhere, gateway.url);
    const me = (await (await elsewhere.request.get(`${gateway.url}/api/me`)).json()) as {
      csrfToken: string;
    };
    const ended = await elsewhere.request.delete(`${gateway.url}/api/me/sessions`, {
      headers: { 'x-csrf-token': me.csrfToken },
    });
    expect(ended.ok()).toBe(true);
    await elsewhere.close();

    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await fillLogIn(page, ADMIN);
    await page.getByRole('tab', { name: 'Generations', selected: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/ui/gateway');
    expect(complaints(401)).toEqual([]);
  });
});
