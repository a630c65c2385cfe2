import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openConsole, type ConsolePage } from '../fixtures/console.js';
import { startConsoleStage, type ConsoleStage } from '../fixtures/console-stage.js';

let stage: ConsoleStage;
let gateway: ConsoleStage['gateway'];
let upstream: ConsoleStage['upstream'];
let browser: Browser;
let console: ConsolePage;

beforeAll(async () => {
  stage = await startConsoleStage();
  ({ gateway, upstream, browser } = stage);
  await gateway.register({ name: 'Kept', path: '/kept', url: upstream.url });
  await gateway.register({ name: 'Later', path: '/later', url: upstream.url });
  console = await openConsole(browser, gateway.url);
});

afterAll(async () => {
  await console.close();
  await stage.close();
});

describe('the page of the gateway', () => {
  it('tells what nginx serves, and of nginx itself', async () => {
    const { page, go } = console;
    await go('/gateway');
    const { generation, pid, version } = gatewayFacts();
    const served = page.getByRole('region', { name: 'What is served' });
    await served.getByText(generation).waitFor();
    await served.getByText('Applied').waitFor();
    const nginx = page.getByRole('region', { name: 'nginx' });
    await nginx.getByText(String(pid)).waitFor();
    await nginx.getByText(version).waitFor();
    await page.getByRole('region', { name: 'Last outcomes' }).getByText(generation).waitFor();
    await page.getByText('None. nginx serves every server that is enabled.').waitFor();
    expect(console.complaints()).toEqual([]);
  });

  it('shows at once who is left out, why, and leads to it', async () => {
    const { page, go } = console;
    await go('/gateway');
    await page.getByText('None. nginx serves every server that is enabled.').waitFor();
    await gateway.register({ name: 'Lost', path: '/lost', url: 'http://lost.invalid/mcp' });
    const left = page.getByRole('region', { name: 'Servers that are left out' });
    await left.getByText('Its host name has no address').waitFor();
    await left.getByText(/lost\.invalid/).waitFor();
    await left.getByRole('link', { name: '/lost' }).click();
    await page.waitForURL('**/ui/servers/lost');
    await gateway.api('/api/servers/lost', { method: 'DELETE' });
    // The page of it, which is open, asks once more.
    await page.getByText('There is no server at /lost').waitFor();
    expect(console.complaints(404)).toEqual([]);
  });

  it('finds lines in the configuration that nginx runs on, and goes to them', async () => {
    const { page, go } = console;
    await go('/gateway?tab=configuration');
    await page.getByRole('textbox', { name: 'Search in all files' }).fill('/later/mcp');
    const hit = page.getByRole('button', { name: /^generated\/routes\.conf:\d+/ }).first();
    await hit.click();
    const file = page.getByRole('region', { name: 'generated/routes.conf' });
    await file.locator('[data-at]').getByText('/later/mcp').waitFor();
    // Words of the configuration have the colours of what they are.
    await file.locator('.hljs-attribute').first().waitFor();
    await page.reload();
    await file.waitFor();
    expect(console.complaints()).toEqual([]);
  });

  it('tells who made each generation, and of what', async () => {
    const { page, go } = console;
    await go('/gateway?tab=generations');
    await page.getByText('a token of admin removed /lost', { exact: true }).waitFor();
    expect(console.complaints()).toEqual([]);
  });

  it('compares any two generations', async () => {
    const { page, go } = console;
    await go('/gateway?tab=generations');
    await page
      .getByRole('button', { name: /^Compare .* with live$/ })
      .first()
      .click();
    await page.getByText(/files? differs?|They are alike/).waitFor();
    const from = page.getByLabel('From', { exact: true });
    const oldest = await from.locator('option').last().getAttribute('value');
    await from.selectOption(oldest);
    const routes = page.getByRole('region', { name: 'generated/routes.conf' });
    await routes.locator('[data-kind="added"]').getByText('/later/mcp').first().waitFor();
    await page.getByRole('button', { name: 'Exchange the two' }).click();
    await routes.locator('[data-kind="removed"]').getByText('/later/mcp').first().waitFor();
    expect(new URL(page.url()).searchParams.get('to')).toBe(oldest);
    expect(console.complaints()).toEqual([]);
  });

  it('keeps a comparison within the width of a phone', async () => {
    const [oldest, newest] = await ends();
    const phone = await openConsole(browser, gateway.url, {
      at: `/gateway?tab=generations&from=${oldest}&to=${newest}`,
      context: { viewport: { width: 390, height: 844 } },
    });
    await phone.page.getByText(/files? differs?/).waitFor();
    const width = await phone.page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(390);
    expect(phone.complaints()).toEqual([]);
    await phone.close();
    expect(console.complaints()).toEqual([]);
  });

  it('puts the servers of an earlier generation back, after it has said what that means', async () => {
    const { page, go } = console;
    const before = await generationBefore('/later');
    await go('/gateway?tab=generations');
    await page.getByRole('button', { name: `Restore ${before}` }).click();
    const dialog = page.getByRole('dialog');
    const removed = dialog.getByRole('group', { name: 'Removed, as they were registered since' });
    await removed.getByText('/later', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('/later is as it was then').waitFor();
    expect((await gateway.api('/api/servers/later')).status).toBe(404);
    expect((await gateway.api('/api/servers/kept')).status).toBe(200);
    expect(console.complaints()).toEqual([]);
  });
});

function gatewayFacts() {
  const { generation, nginx } = gateway.registry.gateway.status();
  return { generation, pid: nginx.pid, version: nginx.version ?? '' };
}

async function generations() {
  const answer = await gateway.api('/api/gateway/generations');
  const body = (await answer.json()) as { generations: { generation: string; live: boolean }[] };
  return body.generations.map(({ generation }) => generation);
}

/** The oldest and the newest generation. */
async function ends(): Promise<readonly [string, string]> {
  const all = await generations();
  return [all.at(-1) ?? '', all[0] ?? ''];
}

/** The last generation that knew nothing of a server, of those that know of servers at all. */
async function generationBefore(path: string): Promise<string> {
  for (const generation of await generations()) {
    const answer = await gateway.api(`/api/gateway/generations/${generation}`);
    const text = await answer.text();
    if (!text.includes(`${path}/mcp`) && text.includes('/kept/mcp')) return generation;
  }
  throw new Error(`no generation without ${path}`);
}
