import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../fixtures/chromium.js';
import { openConsole, type ConsolePage } from '../fixtures/console.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';

/** More than one page of the log. */
const GROUPS = 60;

let gateway: TestGateway;
let browser: Browser;
let console: ConsolePage;

beforeAll(async () => {
  [gateway, browser] = await Promise.all([startTestGateway(), launchChromium([])]);
  for (let number = 1; number <= GROUPS; number += 1) {
    await post('/api/groups', { name: `team-${number}`, servers: ['/a'], tools: ['*'] });
  }
  await gateway.api('/api/groups/team-7', {
    method: 'PATCH',
    body: JSON.stringify({ description: '<b>bold</b>\u202eplans', tools: ['get_*'] }),
  });
  await post('/api/groups', { name: 'team-7' });
  console = await openConsole(browser, gateway.url, { context: { acceptDownloads: true } });
});

afterAll(async () => {
  await console.close();
  await browser.close();
  await gateway.close();
});

function post(at: string, body: unknown): Promise<Response> {
  return gateway.api(at, { method: 'POST', body: JSON.stringify(body) });
}

describe('the audit page', () => {
  it('shows the newest first, and older entries when they are wanted', async () => {
    const { page, go } = console;
    await go('/audit?action=group.create');
    const entries = page.getByRole('button', { name: /Created a group/ });
    await entries.first().waitFor();
    expect(await entries.first().textContent()).toContain('team-7');
    expect(await entries.count()).toBe(50);
    await page.getByRole('button', { name: 'Show older entries' }).click();
    await page.getByText('These are all.').waitFor();
    expect(await entries.count()).toBe(GROUPS + 1);
    expect(console.complaints()).toEqual([]);
  });

  it('shows what was different, as text and nothing but text', async () => {
    const { page, go } = console;
    await go('/audit?target=team-7');
    await page.getByRole('button', { name: /Changed a group/ }).click();
    const entry = page.getByRole('region', { name: /Changed a group/ });
    await entry.getByText('<b>bold</b>').waitFor();
    await entry.getByText('U+202E').waitFor();
    const tools = entry.getByText('tools', { exact: true }).locator('..');
    await tools.getByText('*', { exact: true }).waitFor();
    await tools.getByText('get_*').waitFor();
    expect(console.complaints()).toEqual([]);
  });

  it('lets words with blanks between them be typed', async () => {
    const { page, go } = console;
    await go('/audit');
    const target = page.getByRole('textbox', { name: 'To what' });
    await target.pressSequentially('one tool ', { delay: 20 });
    expect(await target.inputValue()).toBe('one tool ');
    const asked = page.waitForRequest((each) => each.url().includes('target=one+tool&'));
    await page.waitForURL((url) => url.searchParams.get('target') === 'one tool ');
    await asked;
    expect(await target.inputValue()).toBe('one tool ');
    expect(console.complaints()).toEqual([]);
  });

  it('keeps its filters in the address', async () => {
    const { page, go } = console;
    await go('/audit');
    await page.getByRole('textbox', { name: 'To what' }).fill('team-7');
    await page.getByRole('combobox', { name: 'Outcome' }).click();
    await page.getByRole('option', { name: 'Refused or failed' }).click();
    const refused = page.getByRole('button', { name: /group-name-taken/ });
    await refused.waitFor();
    await page.waitForURL((url) => url.searchParams.get('target') === 'team-7');
    await page.reload();
    await refused.waitFor();
    expect(await page.getByRole('button', { name: /a group/ }).count()).toBe(1);
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.waitForURL((url) => url.search === '');
    await page.getByRole('button', { name: /team-60/ }).waitFor();
    expect(console.complaints()).toEqual([]);
  });

  it('exports what the filters let through', async () => {
    const { page, go } = console;
    await go('/audit?target=team-7');
    await page.getByRole('button', { name: /Changed a group/ }).waitFor();
    const lines = async (format: RegExp) => {
      await page.getByRole('button', { name: 'Export' }).click();
      const started = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: format }).click();
      const text = readFileSync(await (await started).path(), 'utf8');
      return text.trim().split('\n');
    };
    const jsonLines = await lines(/JSON/);
    expect(jsonLines).toHaveLength(3);
    expect(jsonLines.map((line) => (JSON.parse(line) as { action: string }).action)).toContain(
      'group.update',
    );
    // One line more names the columns.
    expect(await lines(/CSV/)).toHaveLength(4);
    expect(console.complaints()).toEqual([]);
  });
});
