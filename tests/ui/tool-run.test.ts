import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../fixtures/chromium.js';
import { openConsole, type ConsolePage } from '../fixtures/console.js';
import { startEverythingServer, type EverythingServer } from '../fixtures/everything-server.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { startScriptedServer, type ScriptedServer } from '../fixtures/scripted-server.js';

const SHAPE = {
  oneOf: [
    {
      title: 'Circle',
      type: 'object',
      properties: { radius: { type: 'number', minimum: 1 } },
      required: ['radius'],
    },
    {
      title: 'Square',
      type: 'object',
      properties: { side: { type: 'number' } },
      required: ['side'],
    },
  ],
};

let gateway: TestGateway;
let everything: EverythingServer;
let scripted: ScriptedServer;
let browser: Browser;
let view: ConsolePage;
let page: Page;
/** Arguments of the calls that arrived. */
let arrived: unknown[];

beforeAll(async () => {
  everything = await startEverythingServer('streamable-http');
  scripted = await startScriptedServer({
    tools: [
      {
        name: 'draw',
        inputSchema: {
          type: 'object',
          required: ['name', 'at'],
          properties: {
            name: { type: 'string', minLength: 2 },
            at: { $ref: '#/$defs/point' },
            shape: SHAPE,
            tags: { type: 'array', items: { type: 'string' } },
            when: { type: 'string', format: 'date' },
            extra: { description: 'Anything' },
          },
          $defs: {
            point: { type: 'object', properties: { x: { type: 'integer' } }, required: ['x'] },
          },
        },
      },
    ],
    call: (_name, args) => {
      arrived.push(args);
      return { content: [{ type: 'text', text: `drawn ${arrived.length}` }] };
    },
  });
  gateway = await startTestGateway();
  await gateway.register({ path: '/everything', name: 'Everything', url: everything.url });
  await gateway.register({
    path: '/drawing',
    name: 'Drawing',
    url: scripted.url,
    access: 'authenticated',
  });
  browser = await launchChromium([]);
});

afterAll(async () => {
  await browser.close();
  await gateway.close();
  await scripted.close();
  await everything.close();
});

beforeEach(async () => {
  arrived = [];
  view = await openConsole(browser, gateway.url);
  ({ page } = view);
  page.setDefaultTimeout(10_000);
});

afterEach(async () => {
  await view.close();
  // eslint-disable-next-line jest/no-standalone-expect -- What holds for every test here.
  expect(view.complaints()).toEqual([]);
});

const openTool = async (server: string, name: string) => {
  await view.go(`/servers/${server}?tab=tools&tool=${name}`);
  await page.getByRole('heading', { name, exact: true }).waitFor();
};
const run = () => page.getByRole('button', { name: 'Run', exact: true }).click();
const result = () => page.getByRole('region', { name: 'Result' });
const expectText = (text: string | RegExp) => page.getByText(text).first().waitFor();

describe('a tool is run', () => {
  it('with progress that is seen while it comes', async () => {
    await openTool('everything', 'trigger-long-running-operation');
    await page.getByRole('textbox', { name: 'duration' }).fill('4');
    await page.getByRole('textbox', { name: 'steps' }).fill('4');
    await run();
    await expectText(/Running · 1 of 4/);
    await expectText(/Running · 3 of 4/);
    const bar = page.getByRole('progressbar', { name: 'Progress of the call' });
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThanOrEqual(75);
    await expectText(/Long running operation completed\. Duration: 4 seconds, Steps: 4\./);
    expect(await bar.count()).toBe(0);
  });

  it('until somebody cancels it', async () => {
    await openTool('everything', 'trigger-long-running-operation');
    await page.getByRole('textbox', { name: 'duration' }).fill('60');
    await run();
    await expectText(/Running/);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expectText('You cancelled the call.');
  });

  it('with an image, and with structured content', async () => {
    await openTool('everything', 'get-tiny-image');
    await run();
    const image = result().getByRole('img');
    await image.waitFor();
    const box = await image.boundingBox();
    expect(box?.width).toBeGreaterThan(10);
    await openTool('everything', 'get-structured-content');
    await page.getByRole('combobox', { name: 'location' }).click();
    await page.getByRole('option', { name: 'Chicago' }).click();
    await run();
    await result().getByRole('tab', { name: 'Structured' }).click();
    await expectText(/"conditions"/);
    await result().getByRole('tab', { name: 'Raw JSON' }).click();
    await expectText(/"structuredContent"/);
  });

  it('with the links and resources of its answer', async () => {
    await openTool('everything', 'get-resource-links');
    await run();
    await result().getByText('demo://resource/dynamic/text/').first().waitFor();
    expect(
      await result()
        .getByText(/^demo:\/\//)
        .count(),
    ).toBeGreaterThan(1);
  });
});

describe('the form of a tool', () => {
  it('says at each field what is wrong, and sends nothing until it is right', async () => {
    await openTool('drawing', 'draw');
    await page.getByRole('textbox', { name: 'name' }).fill('x');
    await run();
    await expectText('Must have at least 2 characters');
    await expectText('Is required');
    expect(arrived).toEqual([]);
    await page.getByRole('textbox', { name: 'name' }).fill('sun');
    await page.getByRole('textbox', { name: 'x', exact: true }).fill('7');
    await page.getByRole('textbox', { name: 'when' }).fill('2026-13-45');
    await run();
    await expectText('Is not a valid date');
    expect(arrived).toEqual([]);
    await page.getByRole('textbox', { name: 'when' }).fill('2026-12-24');
    await page.getByRole('textbox', { name: 'extra' }).fill('{"deep": [1]}');
    await run();
    await expectText('drawn 1');
    expect(arrived).toEqual([
      expect.objectContaining({
        name: 'sun',
        at: { x: 7 },
        when: '2026-12-24',
        extra: { deep: [1] },
      }),
    ]);
  });

  it('gives way to JSON, which may break the schema', async () => {
    await openTool('drawing', 'draw');
    await page.getByText('JSON', { exact: true }).click();
    const editor = page.getByRole('textbox', { name: 'Arguments as JSON' });
    await editor.fill('{"name": "moon", ');
    await expectText(/Not JSON yet/);
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
    await editor.fill('{"name": "moon", "shape": {"radius": 0}}');
    await expectText('at is required');
    await expectText('shape.radius must be at least 1');
    await run();
    await expectText('drawn 1');
    expect(arrived).toEqual([{ name: 'moon', shape: { radius: 0 } }]);
  });
});

describe('earlier runs', () => {
  it('stay beside it, are compared and repeated, and outlive a reload', async () => {
    await openTool('drawing', 'draw');
    await page.getByText('JSON', { exact: true }).click();
    const editor = page.getByRole('textbox', { name: 'Arguments as JSON' });
    for (const [index, name] of ['one', 'two'].entries()) {
      await editor.fill(JSON.stringify({ name, at: { x: index } }));
      await run();
      await expectText(`drawn ${index + 1}`);
    }
    const runs = page.getByRole('region', { name: 'Runs in this tab' }).getByRole('listitem');
    expect(await runs.count()).toBe(2);
    await runs.nth(1).getByRole('button', { name: 'Compare' }).click();
    const changes = page.getByRole('region', { name: 'Changes of results' });
    expect(await changes.innerText()).toMatch(/"name": "one"[\s\S]*"name": "two"/);
    await page.reload();
    await runs.nth(1).waitFor();
    await runs.nth(1).getByRole('button', { name: 'Repeat' }).click();
    await expectText('drawn 3');
    expect(arrived).toHaveLength(3);
    expect(arrived[2]).toEqual({ name: 'one', at: { x: 0 } });
  });
});
