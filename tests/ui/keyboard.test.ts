import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { furnish } from '../fixtures/console-pages.js';
import { openConsole, type ConsolePage } from '../fixtures/console.js';
import { startConsoleStage, type ConsoleStage } from '../fixtures/console-stage.js';

let stage: ConsoleStage;

beforeAll(async () => {
  stage = await startConsoleStage();
  await furnish(stage);
});

afterAll(async () => {
  await stage.close();
});

describe('with the keys alone', () => {
  let console: ConsolePage;

  beforeAll(async () => {
    const context = { reducedMotion: 'reduce' } as const;
    console = await openConsole(stage.browser, stage.gateway.url, { context });
  });

  afterAll(async () => {
    await console.close();
  });

  it('a server is disabled and enabled, and the focus comes back to its switch', async () => {
    const { page, go } = console;
    await go('/servers');
    const enabled = page.getByRole('switch', { name: 'Lost is enabled' });
    await enabled.focus();
    await page.keyboard.press('Space');
    const question = page.getByRole('dialog', { name: 'Disable Lost?' });
    await question.waitFor();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    await page.locator(':focus').and(enabled).waitFor();
    await page.keyboard.press('Space');
    await question.getByRole('button', { name: 'Disable' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('switch', { name: 'Lost is enabled', checked: false }).waitFor();
    await enabled.focus();
    await page.keyboard.press('Space');
    const again = page.getByRole('switch', { name: 'Lost is enabled', checked: true });
    await again.waitFor();
    expect(await again.count()).toBe(1);
  });

  it('a menu is opened, gone through and left, and the focus comes back', async () => {
    const { page, go } = console;
    await go('/servers');
    const button = page.getByRole('button', { name: 'More for Kitchen sink' });
    await button.focus();
    await page.keyboard.press('Enter');
    const focused = page.locator(':focus');
    await page.getByRole('menuitem', { name: 'Open' }).and(focused).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('menuitem', { name: 'Check now' }).and(focused).waitFor();
    await page.keyboard.press('Escape');
    await button.and(focused).waitFor();
    expect(await button.getAttribute('aria-expanded')).toBe('false');
  });

  it('tabs are changed with the arrows, and a tool is run', async () => {
    const { page, go } = console;
    await go('/servers/sink');
    const focused = page.locator(':focus');
    await page.getByRole('tab', { name: 'Overview' }).focus();
    await page.keyboard.press('ArrowRight');
    await page
      .getByRole('tab', { name: /^Tools/, selected: true })
      .and(focused)
      .waitFor();
    const echo = page.getByRole('link', { name: /^echo/ });
    await echo.focus();
    await page.keyboard.press('Enter');
    const message = page.getByRole('textbox', { name: /message/i });
    await message.focus();
    await page.keyboard.type('by keys');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Run', exact: false }).first().focus();
    await page.keyboard.press('Enter');
    const answer = page.getByText('Echo: by keys').first();
    await answer.waitFor();
    expect(await answer.isVisible()).toBe(true);
  });
});
