import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { furnish, PAGES, settled } from '../fixtures/console-pages.js';
import { eventually } from '../fixtures/eventually.js';
import { openConsole, type ConsolePage } from '../fixtures/console.js';
import { startConsoleStage, type ConsoleStage } from '../fixtures/console-stage.js';
import { elementsToReach, walkWithTab } from '../fixtures/tab-walk.js';

const DESK = { width: 1280, height: 720 };
const PHONE = { width: 390, height: 844 };
const NONE: Faults = { light: [], dark: [], unreached: [], unmarked: [], sideways: [] };

interface Faults {
  /** What axe finds in each theme. */
  readonly light: readonly string[];
  readonly dark: readonly string[];
  /** What can be used with a pointer alone, and what does not show the focus. */
  readonly unreached: readonly string[];
  readonly unmarked: readonly string[];
  /** What a phone would have to scroll sideways for. */
  readonly sideways: readonly string[];
}

let stage: ConsoleStage;

beforeAll(async () => {
  stage = await startConsoleStage();
  await furnish(stage);
});

afterAll(async () => {
  await stage.close();
});

describe('every page', () => {
  const context = { reducedMotion: 'reduce' } as const;
  let console: ConsolePage;

  beforeAll(async () => {
    console = await openConsole(stage.browser, stage.gateway.url, { context });
  });

  afterAll(async () => {
    await console.close();
  });

  it('/login hides nothing from anybody, and fits on a phone', async () => {
    const as = { as: null, at: '/login', context };
    const stranger = await openConsole(stage.browser, stage.gateway.url, as);
    await stranger.page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
    expect(await faultsOf(stranger.page)).toEqual(NONE);
    await stranger.close();
  });

  it.each(PAGES)(
    '%s hides nothing from anybody, is reached by keys, and fits on a phone',
    async (_name, { at, open }) => {
      const { page, go } = console;
      await page.setViewportSize(DESK);
      await go(at);
      await settled(page);
      await open?.(page);
      await settled(page);
      expect(await faultsOf(page)).toEqual(NONE);
    },
  );
});

/** Of a page as it is open: one visit, since loading it is what takes the time. */
async function faultsOf(page: Page): Promise<Faults> {
  const hidden: string[][] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
    // Colours may fade into each other.
    await page.evaluate(
      `Promise.all(
        document.getAnimations()
          .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
          .map(({ finished }) => finished.catch(() => undefined)),
      )`,
    );
    hidden.push(await violations(page));
  }
  const [light = [], dark = []] = hidden;
  const wanted = await elementsToReach(page);
  const { reached, unmarked } = await walkWithTab(page);
  const unreached = wanted.filter((each) => !reached.includes(each));
  return { light, dark, unreached, unmarked, sideways: await beyondAPhone(page) };
}

/** The elements that reach beyond the edge of a phone, if the page is wider than it. */
async function beyondAPhone(page: Page): Promise<readonly string[]> {
  await page.setViewportSize(PHONE);
  const beyond = () =>
    page.evaluate<string[]>(`document.documentElement.scrollWidth <= innerWidth ? [] :
      [...document.querySelectorAll('body *')]
        .filter((element) => element.getBoundingClientRect().right > innerWidth)
        .map((element) => element.outerHTML.slice(0, 200))
        .concat('the page is ' + document.documentElement.scrollWidth + ' pixels wide')`);
  // The page needs a moment for its new shape.
  return eventually(beyond, (elements) => elements.length === 0, 5_000).catch(beyond);
}

/** What axe takes for serious or critical: the rule, and the first elements that break it. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    // No frames of other sites, for which axe would open a page beside this one each time.
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => {
      const [first] = nodes;
      return `${id}: ${first?.html.slice(0, 200) ?? ''} ${first?.failureSummary ?? ''}`;
    });
}
