import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../fixtures/chromium.js';
import { logIn } from '../fixtures/console.js';
import { createRegistryProcess } from '../fixtures/registry-process.js';
import { fillers, writeCatalog } from './catalog-file.js';
import { spread, type Spread } from './statistics.js';

const ROUNDS = 5;
/** The pages that people see first. Each is interactive when what is named here can be used. */
const PAGES = [
  { name: 'log-in', at: '/login', ready: (page: Page) => page.getByLabel('User name') },
  {
    name: 'servers',
    at: '/servers',
    ready: (page: Page) => page.getByRole('switch').first(),
  },
] as const;

/** What the first visit of a page costs, with an empty cache. */
export interface ConsoleResult {
  readonly page: string;
  readonly servers: number;
  /** Kilobytes that arrived, compressed. */
  readonly scriptKilobytes: number;
  readonly styleKilobytes: number;
  /** Milliseconds from the begin of the navigation until the page can be used. */
  readonly interactive: Spread;
}

/** Opens pages of a gateway with many servers in a browser that was never there. */
export async function measureConsole(servers = 1000): Promise<readonly ConsoleResult[]> {
  const registry = await createRegistryProcess({
    HEALTH_CHECK_INTERVAL_SECONDS: '86400',
    TOOLS_REFRESH_SECONDS: '86400',
  });
  // Port 9 is that of the discard service, which is not there.
  writeCatalog(registry.dataDir, 'http://127.0.0.1:9', fillers(servers));
  const browser = await launchChromium([]);
  try {
    await registry.start({ ADMIN_PASSWORD: 'only for this test run' });
    const results: ConsoleResult[] = [];
    for (const page of PAGES) results.push(await measurePage(browser, registry.url, page, servers));
    return results;
  } finally {
    await browser.close();
    await registry.close();
  }
}

async function measurePage(
  browser: Browser,
  url: string,
  { name, at, ready }: (typeof PAGES)[number],
  servers: number,
): Promise<ConsoleResult> {
  const times: number[] = [];
  let script = 0;
  let style = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    // A context has a cache of its own.
    const context = await browser.newContext();
    if (name !== 'log-in') await logIn(context, url);
    const page = await context.newPage();
    const begin = performance.now();
    await page.goto(`${url}/ui${at}`, { waitUntil: 'commit' });
    await ready(page).waitFor();
    times.push(performance.now() - begin);
    ({ script, style } = await loadedBytes(page));
    await context.close();
  }
  return {
    page: name,
    servers,
    scriptKilobytes: script / 1000,
    styleKilobytes: style / 1000,
    interactive: spread(times),
  };
}

/** What the browser counted of scripts and styles as they came over the wire. */
async function loadedBytes(page: Page) {
  await page.waitForLoadState('networkidle');
  const entries = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(
        (entry) => JSON.parse(JSON.stringify(entry)) as { name: string; encodedBodySize: number },
      ),
  );
  const sum = (ending: string) =>
    entries
      .filter(({ name }) => new URL(name).pathname.endsWith(ending))
      .reduce((bytes, { encodedBodySize }) => bytes + encodedBodySize, 0);
  return { script: sum('.js'), style: sum('.css') };
}
