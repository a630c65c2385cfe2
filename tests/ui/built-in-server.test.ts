import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openConsole, type ConsolePage } from '../fixtures/console.js';
import { startConsoleStage, type ConsoleStage } from '../fixtures/console-stage.js';

let stage: ConsoleStage;
let console: ConsolePage;

beforeAll(async () => {
  stage = await startConsoleStage();
  console = await openConsole(stage.browser, stage.gateway.url);
});

afterAll(async () => {
  await console.close();
  await stage.close();
});

describe('the server that the gateway itself is', () => {
  const entry = () => console.page.getByRole('region', { name: 'MCP Gateway', exact: false });

  it('is there before any other, and beside the others, where nothing of it can be changed', async () => {
    const { page, go } = console;
    await go('/servers');
    await page.getByRole('heading', { name: 'Register the first server' }).waitFor();
    await entry().getByText('Built in').waitFor();
    await stage.gateway.register({ name: 'Other', path: '/other', url: stage.upstream.url });
    await page.getByRole('switch', { name: 'Other is enabled' }).waitFor();
    await entry()
      .getByText(/^\d+ tools$/)
      .waitFor();
    expect(await entry().getByRole('switch').count()).toBe(0);
    expect(await entry().getByRole('button').count()).toBe(0);
    expect(await entry().getByRole('checkbox').count()).toBe(0);
    expect(await page.locator('dl[aria-label="In numbers"]').textContent()).toMatch(/^Servers1/);
    expect(console.complaints()).toEqual([]);
  });

  it('has a page with its address, its tools, and what programs need to use it', async () => {
    const { page } = console;
    await entry().getByRole('link').click();
    await page.waitForURL('**/ui/servers/mcpgw');
    await page.getByText(`${stage.gateway.url}/mcpgw/mcp`).waitFor();
    const tabs = page.getByRole('tab');
    expect(await tabs.allTextContents()).toEqual([
      'Overview',
      expect.stringMatching(/^Tools\d+$/),
      'Connect',
    ]);
    for (const action of ['Edit', 'Refresh', /^Delete/]) {
      expect(await page.getByRole('button', { name: action }).count()).toBe(0);
    }
    await tabs.nth(1).click();
    await page.getByRole('link', { name: /^register_service/ }).waitFor();
    expect(await page.getByRole('tab', { name: 'Run' }).count()).toBe(0);
    await tabs.nth(2).click();
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByText('The token stands in the text below').waitFor();
    expect(console.complaints()).toEqual([]);
  });
});
