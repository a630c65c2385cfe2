import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openConsole, type ConsolePage } from '../fixtures/console.js';
import { startConsoleStage, type ConsoleStage } from '../fixtures/console-stage.js';

const ADA = { username: 'ada', password: 'a password of ada' };

let stage: ConsoleStage;
let gateway: ConsoleStage['gateway'];
let upstream: ConsoleStage['upstream'];
let browser: Browser;
let console: ConsolePage;

beforeAll(async () => {
  stage = await startConsoleStage();
  ({ gateway, upstream, browser } = stage);
  await gateway.register({
    name: 'Kitchen sink',
    path: '/team/sink',
    url: upstream.url,
    access: 'authenticated',
  });
  console = await openConsole(browser, gateway.url, {
    context: { permissions: ['clipboard-read', 'clipboard-write'] },
  });
});

afterAll(async () => {
  await console.close();
  await stage.close();
});

describe('groups, users, tokens and the tester', () => {
  it('a group is created while what it matches is shown', async () => {
    const { page, go } = console;
    await go('/access?tab=groups');
    await page.getByText('No groups yet').waitFor();
    await page.getByRole('button', { name: 'Create a group' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('support');
    const servers = dialog.getByRole('combobox', { name: 'Servers' });
    await servers.fill('team');
    await servers.press('Enter');
    await dialog.getByText('0 of 1 servers, 0 tools allowed').waitFor();
    await dialog.getByRole('combobox', { name: 'Tools', exact: true }).fill('echo');
    await page.keyboard.press('Enter');
    expect(await dialog.locator('.mantine-Pill-label').allTextContents()).toEqual(['team', 'echo']);
    await page.keyboard.press('Backspace');
    await page.keyboard.type('*,');
    const denied = dialog.getByRole('combobox', { name: 'Denied tools' });
    await denied.fill('echo');
    await denied.press('Enter');
    await dialog.getByRole('button', { name: 'Create' }).click();
    // What the API says of a pattern stands beside the field.
    await dialog.getByText(/Must be "\*" or a path/).waitFor();
    await servers.press('Backspace');
    await servers.fill('/team/*');
    await servers.press('Enter');
    await dialog.getByText(/^1 of 1 servers, \d+ tools allowed, 1 denied$/).waitFor();
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /^support/ }).waitFor();
    expect(console.complaints(422)).toEqual([]);
  });

  it('a user is created with a first password, and logs in', async () => {
    const { page, go } = console;
    await go('/access?tab=users');
    await page.getByRole('button', { name: 'Create a user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'User name' }).fill(ADA.username);
    const groups = dialog.getByRole('combobox', { name: 'Groups' });
    await groups.fill('support');
    await groups.press('Enter');
    await dialog.getByRole('textbox', { name: 'Password' }).fill(ADA.password);
    await dialog.getByRole('checkbox', { name: /first log-in/ }).uncheck();
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /^ada/ }).getByText('support').waitFor();
    expect(console.complaints()).toEqual([]);
  });

  it('a token is shown once, can be copied, and works', async () => {
    const { page, go } = console;
    await go('/access');
    await page.getByRole('button', { name: 'Create a token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('nightly report');
    await dialog.getByLabel('At the API of the registry').selectOption('read');
    await dialog.getByText(/and read at the API of the registry/).waitFor();
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByText('It is shown this once').waitFor();
    await dialog.getByRole('button', { name: 'Copy the token' }).click();
    const token = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(token).toMatch(/^mcpgw_/);
    // A press on Escape by mistake must not take it away.
    await page.keyboard.press('Escape');
    expect(await dialog.getByText(token).isVisible()).toBe(true);
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(token);
    const used = await fetch(`${gateway.registryUrl}/api/servers`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(used.status).toBe(200);

    await page.getByRole('button', { name: 'Revoke nightly report' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('row', { name: /nightly report/ }).waitFor({ state: 'detached' });
    const refused = await fetch(`${gateway.registryUrl}/api/servers`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(refused.status).toBe(401);
    expect(console.complaints()).toEqual([]);
  });

  it('the tester says whether somebody may, and which pattern decides', async () => {
    const { page, go } = console;
    await go('/access?tab=tester');
    await page.getByRole('combobox', { name: 'User' }).fill('ada');
    await page.getByRole('option', { name: 'ada' }).click();
    await page.getByRole('combobox', { name: 'Server' }).fill('sink');
    await page.getByRole('option', { name: 'Kitchen sink (/team/sink)' }).click();
    await page.getByRole('heading', { name: 'Allowed', exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'Tool' }).fill('echo');
    await page.getByRole('heading', { name: 'Not allowed' }).waitFor();
    await page.getByRole('row', { name: 'support denies the tool echo' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Not allowed' }).waitFor();
    expect(console.complaints()).toEqual([]);
  });

  it('who may not manage finds their own tokens and nothing else', async () => {
    const hers = await openConsole(browser, gateway.url, { as: ADA, at: '/access?tab=users' });
    await hers.page.getByText('No tokens yet').waitFor();
    expect(await hers.page.getByRole('tab').allTextContents()).toEqual(['Tokens']);
    await hers.page.getByRole('button', { name: 'Create a token' }).click();
    const dialog = hers.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('mine');
    const scopes = await dialog
      .getByLabel('At the API of the registry')
      .locator('option')
      .allTextContents();
    expect(scopes).not.toContain('Everything');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await hers.page.getByRole('row', { name: /^mine/ }).waitFor();
    expect(hers.complaints()).toEqual([]);
    await hers.close();
    expect(console.complaints()).toEqual([]);
  });

  it('a group is deleted after it was said who feels it, a user after the name was typed', async () => {
    const { page, go } = console;
    await go('/access?tab=groups');
    await page.getByRole('button', { name: 'Delete support' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/1 user gets nothing from it any more/).waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No groups yet').waitFor();

    await go('/access?tab=users');
    await page.getByRole('button', { name: 'Delete ada' }).click();
    expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox', { name: 'Type ada to go on' }).fill('ada');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('row', { name: /^ada/ }).waitFor({ state: 'detached' });
    expect((await gateway.api('/api/users/ada')).status).toBe(404);
    expect(console.complaints()).toEqual([]);
  });
});
