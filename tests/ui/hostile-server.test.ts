import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../fixtures/chromium.js';
import { openConsole, type ConsolePage } from '../fixtures/console.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { HOSTILE, SCRIPT_TAGS } from '../fixtures/hostile-script.js';
import { startScriptedServer, type ScriptedServer } from '../fixtures/scripted-server.js';

let gateway: TestGateway;
let upstream: ScriptedServer;
let browser: Browser;
let view: ConsolePage;
let page: Page;

beforeAll(async () => {
  upstream = await startScriptedServer(HOSTILE);
  gateway = await startTestGateway();
  await gateway.register({ path: '/hostile', name: 'Hostile', url: upstream.url });
  browser = await launchChromium([]);
});

afterAll(async () => {
  await browser.close();
  await gateway.close();
  await upstream.close();
});

beforeEach(async () => {
  view = await openConsole(browser, gateway.url);
  ({ page } = view);
  page.setDefaultTimeout(10_000);
});

afterEach(async () => {
  const harm = {
    harmed: await page.evaluate('"harmed" in window'),
    scripts: await page.locator('script:not([src])').count(),
    links: await page
      .locator('a:not([href^="/"], [href^="http"], [href^="#"], [href^="?"])')
      .count(),
  };
  await view.close();
  // eslint-disable-next-line jest/no-standalone-expect -- What holds for every test here.
  expect(harm).toEqual({ harmed: false, scripts: 0, links: 0 });
  // eslint-disable-next-line jest/no-standalone-expect -- What holds for every test here.
  expect(view.complaints()).toEqual([]);
});

const openTool = async (name: string) => {
  await view.go(`/servers/hostile?tab=tools&tool=${name}`);
  await page.getByRole('heading', { name, exact: true }).waitFor();
};

/** The page answers: a click on something else has its effect. */
const expectAlive = async () => {
  await page.getByRole('tab', { name: 'Definition' }).click();
  await page.getByRole('heading', { name: 'Schema as it came' }).waitFor();
};

describe('a hostile server does no harm', () => {
  it('on the overview', async () => {
    await view.go('/servers/hostile');
    await page.getByRole('heading', { name: 'Instructions of the server' }).waitFor();
    expect(await page.getByText(SCRIPT_TAGS, { exact: false }).count()).toBeGreaterThan(0);
    expect(await page.getByText('U+202E').count()).toBeGreaterThan(0);
  });

  it('with tags in names, titles, descriptions and schemas', async () => {
    await openTool('script-tags');
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
    expect(await page.getByText(SCRIPT_TAGS, { exact: false }).count()).toBeGreaterThan(0);
    await expectAlive();
  });

  it('with links: only those of the web lead somewhere', async () => {
    await openTool('links');
    const links = await page.locator('main a[target="_blank"]').all();
    expect(await Promise.all(links.map((link) => link.getAttribute('href')))).toEqual([
      'https://example.com/good',
    ]);
  });

  it('with characters that turn and hide text: they are seen', async () => {
    await openTool('bidi');
    for (const code of ['U+202E', 'U+200B', 'U+E0041']) {
      expect(await page.getByText(code).count()).toBeGreaterThan(0);
    }
    const text = await page.locator('main').innerText();
    expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B]/);
    await expectAlive();
  });

  it.each(['megabyte', 'hidden-megabyte'])('with a description of megabytes (%s)', async (name) => {
    await openTool(name);
    const more = page.getByRole('button', { name: /^Show (all|more of) [\d,]+ characters$/ });
    if ((await more.count()) > 0) await more.first().click();
    await expectAlive();
    expect(await page.locator('main mark').count()).toBeLessThan(500);
  });

  it.each([
    ['cyclic', /contains itself without end/],
    ['self', /contains itself without end/],
    ['deep', /levels deep/],
    ['many-items', /1000000000 items/],
  ])('with a schema that no form can show: %s', async (name, problem) => {
    await openTool(name);
    await page.getByText(problem).waitFor();
    await page.getByLabel('Arguments as JSON').fill('{"node": {"child": 5}, "inner": {}}');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('Done', { exact: true }).first().waitFor();
    await expectAlive();
  });

  it('with a pattern that never comes to an end', async () => {
    await openTool('slow-pattern');
    await page.getByRole('textbox', { name: 'text' }).fill(`${'a'.repeat(60)}!`);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('Done', { exact: true }).first().waitFor();
    await expectAlive();
  });

  it('with a result of 5 MB', async () => {
    await openTool('big-result');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: /^Show more of/ }).click();
    await page.getByRole('tab', { name: 'Raw JSON' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save all of it' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('raw-result.json');
    await expectAlive();
  });

  it('with images and sounds that are none', async () => {
    await openTool('odd-media');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText(/An image is not shown: it has the type text\/html/).waitFor();
    const images = await page.locator('main img').all();
    const sources = await Promise.all(images.map((image) => image.getAttribute('src')));
    expect(sources.map((source) => source?.split(';', 1)[0])).toEqual([
      'data:image/svg+xml',
      'data:image/png',
    ]);
    expect(await page.locator('main audio').count()).toBe(0);
  });

  it('with a result of very many parts', async () => {
    await openTool('many-parts');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Show more of 5,000 parts' }).waitFor();
    await page.getByRole('tab', { name: 'Raw JSON' }).click();
    await page.getByRole('region', { name: 'raw result' }).waitFor();
    await expectAlive();
  });

  it('with a result that is none', async () => {
    await openTool('odd-shape');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('Not run', { exact: true }).first().waitFor();
    await expectAlive();
  });

  it('with hundreds of tools: only those in sight are drawn, and all are found', async () => {
    await view.go('/servers/hostile?tab=tools');
    const list = page.getByRole('navigation', { name: 'Tools' });
    await list.getByRole('link').first().waitFor();
    expect(await list.getByRole('link').count()).toBeLessThan(60);
    await page.getByRole('textbox', { name: 'Search the tools of this server' }).fill('filler-299');
    await list.getByRole('link', { name: /filler-299/ }).click();
    await page.getByRole('heading', { name: 'filler-299' }).waitFor();
  });

  it('in its prompts and resources', async () => {
    await view.go('/servers/hostile?tab=prompts');
    await page.getByRole('heading', { level: 2 }).filter({ hasText: '<script>' }).waitFor();
    await view.go('/servers/hostile?tab=resources');
    await page.getByText('javascript:window.harmed=1').waitFor();
    expect(await page.locator('main a[target="_blank"]').count()).toBe(0);
  });

  it('in the list of all tools', async () => {
    await view.go('/tools');
    await page.getByRole('link', { name: /^bidi/ }).waitFor();
    await view.go('/tools?q=script-tags');
    await page.getByRole('link', { name: /script-tags/ }).waitFor();
    expect(await page.getByRole('link', { name: /script-tags/ }).count()).toBe(1);
  });
});
