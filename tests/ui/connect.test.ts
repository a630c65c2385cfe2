import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../fixtures/chromium.js';
import { readGuide } from '../fixtures/client-guides.js';
import { openConsole, type ConsolePage } from '../fixtures/console.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { startScriptedServer, type ScriptedServer } from '../fixtures/scripted-server.js';
import { connectV1, connectV2 } from '../fixtures/sdk-clients.js';

let gateway: TestGateway;
let upstream: ScriptedServer;
let browser: Browser;
let view: ConsolePage;
let page: Page;

beforeAll(async () => {
  upstream = await startScriptedServer({
    tools: [{ name: 'greet', description: 'Says hello', inputSchema: { type: 'object' } }],
    call: () => ({ content: [{ type: 'text', text: 'hello' }] }),
  });
  gateway = await startTestGateway();
  await gateway.register({
    path: '/greeter',
    name: 'Greeter',
    url: upstream.url,
    access: 'authenticated',
  });
  browser = await launchChromium([]);
});

afterAll(async () => {
  await browser.close();
  await gateway.close();
  await upstream.close();
});

beforeEach(async () => {
  view = await openConsole(browser, gateway.url, { at: '/servers/greeter?tab=connect' });
  ({ page } = view);
  page.setDefaultTimeout(10_000);
  await page.getByRole('button', { name: 'Make a token' }).waitFor();
});

afterEach(async () => {
  await view.close();
  // eslint-disable-next-line jest/no-standalone-expect -- What holds for every test here.
  expect(view.complaints()).toEqual([]);
});

const HOSTS = {
  cursor: 'Cursor',
  'claude-code': 'Claude Code',
  windsurf: 'Windsurf',
  gemini: 'Gemini CLI',
  json: 'Other (JSON)',
} as const;

const textFor = async (title: string) => {
  await page
    .getByRole('navigation', { name: 'Programs' })
    .getByRole('button', { name: title })
    .click();
  await page.getByRole('heading', { level: 2, name: title, exact: true }).waitFor();
  return page.getByRole('region', { name: `configuration for ${title}` }).innerText();
};

describe('the way to connect', () => {
  it('is a text with a fresh token, with which clients of both SDKs connect and call', async () => {
    expect(await textFor('Cursor')).toContain('YOUR_GATEWAY_TOKEN');
    await page.getByRole('combobox', { name: 'The token is good' }).click();
    await page.getByRole('option', { name: 'for a day' }).click();
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByText('The token stands in the text below').waitFor();
    for (const [host, title] of Object.entries(HOSTS)) {
      const text = await textFor(title);
      expect(text).not.toContain('YOUR_GATEWAY_TOKEN');
      const { url, transport, headers } = readGuide[host]?.(text) ?? {};
      expect({ url, transport }).toEqual({
        url: `${gateway.url}/greeter/mcp`,
        transport: 'streamable-http',
      });
      for (const connect of [connectV1, connectV2]) {
        const client = await connect({
          url: url ?? '',
          transport: 'streamable-http',
          headers: headers ?? {},
        });
        expect(await client.tools()).toEqual(['greet']);
        expect((await client.call('greet')).text).toBe('hello');
        await client.close();
      }
    }
    const { tokens } = (await (await gateway.api('/api/tokens')).json()) as {
      tokens: { name: string; server?: string; expiresAt?: string }[];
    };
    const made = tokens.find(({ server }) => server === '/greeter');
    expect(made?.name).toBe('Greeter from the console');
    const days = (Date.parse(made?.expiresAt ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(0.9);
    expect(days).toBeLessThanOrEqual(1);
  });

  it('forgets the token when the page is left', async () => {
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByText('The token stands in the text below').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Make a token' }).waitFor();
    expect(await textFor('Cursor')).toContain('YOUR_GATEWAY_TOKEN');
  });

  it('is tried through the gateway, step by step', async () => {
    await page.getByRole('button', { name: 'Try it', exact: true }).click();
    await page.getByText('It works').waitFor();
    await page.getByText('tools/list', { exact: false }).first().waitFor();
    expect(await page.getByText(/1 tools? for you/).count()).toBe(1);
  });
});
