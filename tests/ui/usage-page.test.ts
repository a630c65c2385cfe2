import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openConsole, type ConsolePage } from '../fixtures/console.js';
import { startConsoleStage, type ConsoleStage } from '../fixtures/console-stage.js';
import { eventually } from '../fixtures/eventually.js';

const GOOD = 3;

let stage: ConsoleStage;
let gateway: ConsoleStage['gateway'];
let upstream: ConsoleStage['upstream'];
let browser: Browser;
let console: ConsolePage;
/** Of a call that was refused. */
let refusedId: string;

/** A call through nginx, by nobody in particular. */
function call(path: string): Promise<Response> {
  const params = {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  };
  return fetch(`${gateway.url}${path}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  });
}

beforeAll(async () => {
  stage = await startConsoleStage();
  ({ gateway, upstream, browser } = stage);
  console = await openConsole(browser, gateway.url, { context: { acceptDownloads: true } });
});

afterAll(async () => {
  await console.close();
  await stage.close();
});

describe('before anything was called', () => {
  it('says how to make a call', async () => {
    const { page, go } = console;
    await go('/usage');
    await page.getByRole('heading', { name: 'No calls in this time' }).waitFor();
    await page.getByRole('link', { name: 'Go to servers' }).waitFor();
    expect(console.complaints()).toEqual([]);
  });
});

describe('after some calls', () => {
  beforeAll(async () => {
    const server = { url: upstream.url };
    await gateway.register({ ...server, name: 'Open', path: '/open' });
    await gateway.register({ ...server, name: 'Shut', path: '/shut', access: 'authenticated' });
    for (let number = 0; number < GOOD; number += 1) {
      const answer = await call('/open');
      await answer.text();
    }
    const refused = await call('/shut');
    await refused.text();
    refusedId = refused.headers.get('x-request-id') ?? '';
    const counted = async () => {
      const answer = await gateway.api('/api/usage/summary');
      return ((await answer.json()) as { readonly callsToday: number }).callsToday;
    };
    await eventually(counted, (calls) => calls === GOOD + 1);
  });

  it('shows them in numbers, as a chart and as tables', async () => {
    const { page, go } = console;
    await go('/usage?range=1h');
    await page
      .getByRole('img', { name: /^4 calls, 1 with errors; most in the minute of/ })
      .waitFor();
    const totals = page.locator('dl[aria-label=Totals]');
    expect(await totals.textContent()).toMatch(/^Calls4Errors1 25 %p50/);
    await page.getByText('The same as a table').click();
    await page
      .getByRole('region', { name: 'Calls over time' })
      .getByRole('rowheader')
      .first()
      .waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    expect(console.complaints()).toEqual([]);
  });

  it('puts what fails first, and leads to the calls of a row', async () => {
    const { page, go } = console;
    await go('/usage?range=1h');
    const table = page.getByRole('region', { name: 'By server' });
    const first = table.getByRole('rowheader').first();
    await first.getByText('/open').waitFor();
    await table.getByRole('button', { name: 'Errors' }).click();
    await first.getByText('/shut').waitFor();
    await first.getByRole('link', { name: '/shut' }).click();
    await page.waitForURL((url) => url.searchParams.get('server') === '/shut');
    await page.getByRole('img', { name: /^1 call, 1 with errors/ }).waitFor();
    const callers = page.getByRole('region', { name: 'By caller' });
    await callers.getByRole('link', { name: 'callers without a token' }).click();
    await page.waitForURL((url) => url.searchParams.get('principal') === '');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('img', { name: /^4 calls/ }).waitFor();
    expect(console.complaints()).toEqual([]);
  });

  it('exports what the filters let through', async () => {
    const { page, go } = console;
    await go('/usage?range=1h&server=%2Fshut');
    const started = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export CSV' }).click();
    const file = readFileSync(await (await started).path(), 'utf8');
    expect(file).toMatch(/^at,server,tool,principal/);
    expect(file).toContain('/shut');
    expect(file).not.toContain('/open');
  });

  it('finds a request by its id, and says so when there is none', async () => {
    const { page, go } = console;
    await go('/usage');
    await page.getByRole('textbox', { name: 'Request id' }).fill(refusedId);
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByText('401 unauthenticated, by the gateway itself').waitFor();
    await page.getByRole('textbox', { name: 'Request id' }).fill('no-such-id');
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByText('No call with this id is kept.').waitFor();
    expect(new URL(page.url()).searchParams.get('request')).toBe('no-such-id');
  });

  it('has room on a phone', async () => {
    const phone = await openConsole(browser, gateway.url, {
      at: '/usage?range=1h',
      context: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
    });
    await phone.page.getByRole('region', { name: 'By caller' }).waitFor();
    expect(
      await phone.page.evaluate(() => document.documentElement.scrollWidth),
    ).toBeLessThanOrEqual(390);
    const cut = await phone.page
      .locator('dl dd')
      .evaluateAll((numbers) => numbers.filter((it) => it.scrollWidth > it.clientWidth).length);
    expect(cut).toBe(0);
    await phone.close();
  });

  it('tells on the servers page, and before a server is disabled', async () => {
    const { page, go } = console;
    await go('/servers');
    const numbers = page.locator('dl[aria-label="In numbers"]');
    await numbers.getByText('Calls today').waitFor();
    expect(await numbers.textContent()).toMatch(/Calls today4Errors1$/);
    await page.getByRole('switch', { name: 'Open is enabled' }).click({ force: true });
    const dialog = page.getByRole('dialog', { name: 'Disable Open?' });
    await dialog.getByText('3 calls by callers without a token (3).').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('checkbox', { name: 'Select Open' }).click();
    const bar = page.getByRole('region', { name: 'With the selected servers' });
    await bar.getByRole('button', { name: 'Select all 2' }).click();
    await bar.getByRole('button', { name: 'Delete' }).click();
    const many = page.getByRole('dialog', { name: 'Delete 2 servers?' });
    await many.getByText('2 of them were used in the last 7 days').waitFor();
    await many.getByText('/open: 3 calls by callers without a token (3)').waitFor();
    await many.getByText('/shut: 1 call by callers without a token (1)').waitFor();
    await go('/servers/shut');
    await page.getByRole('button', { name: 'Delete Shut' }).click();
    await page.getByText('1 call by callers without a token (1).').waitFor();
  });
});
