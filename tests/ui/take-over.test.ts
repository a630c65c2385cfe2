import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startConsoleStage, type ConsoleStage } from '../fixtures/console-stage.js';
import { openConsole, type ConsolePage } from '../fixtures/console.js';
import type { EverythingServer } from '../fixtures/everything-server.js';
import type { TestGateway } from '../fixtures/gateway.js';
import { startStandInRegistry } from '../fixtures/stand-in-registry.js';

let stage: ConsoleStage;
let gateway: TestGateway;
let everything: EverythingServer;
let opened: ConsolePage[] = [];

beforeAll(async () => {
  stage = await startConsoleStage();
  ({ gateway, upstream: everything } = stage);
});

afterAll(() => stage.close());

afterEach(async () => {
  await Promise.all(opened.map((each) => each.close()));
  opened = [];
});

async function open(at: string): Promise<ConsolePage> {
  const console = await openConsole(stage.browser, gateway.url, { at });
  opened.push(console);
  // Less than a test has, so that it says what it waited for.
  console.page.setDefaultTimeout(12_000);
  return console;
}

const serverOf = async (at: string): Promise<unknown> =>
  (await gateway.api(`/api/servers${at}`)).json();

describe('registering from JSON', () => {
  it('shows what would be created, lets one change it, and registers all in one request', async () => {
    await gateway.register({ name: 'There', path: '/there', url: everything.url });
    const { page, complaints } = await open('/new?from=json');
    const text = {
      mcpServers: {
        sink: { url: everything.url, headers: { Authorization: 'Bearer abc' } },
        there: { url: everything.url },
        local: { command: 'npx', args: ['-y', 'some-server'] },
        unwanted: { url: everything.url },
      },
    };
    await page.getByRole('textbox', { name: 'JSON', exact: true }).fill(JSON.stringify(text));
    await page.getByRole('button', { name: 'Show what it has' }).click();
    await page.getByText(/^2 of 4 will be registered/).waitFor();
    await page.getByText('path: Is the path of another server').waitFor();
    await page.getByText(/"npx -y some-server" is a command/).waitFor();

    await page.getByRole('button', { name: 'Edit there' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('[data-path="path"]').fill('/there-too');
    await dialog.getByRole('button', { name: 'Keep' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: 'Register unwanted' }).click();
    const sent: string[] = [];
    page.on('request', (each) => {
      if (each.method() === 'POST') sent.push(new URL(each.url()).pathname);
    });
    await page.getByRole('button', { name: 'Register 2 servers' }).click();
    await page.getByRole('alert').filter({ hasText: '2 of 2 registered' }).waitFor();
    await page.getByRole('link', { name: 'Open /there-too' }).waitFor();
    expect(sent).toEqual(['/api/import']);
    expect(await serverOf('/sink')).toMatchObject({
      enabled: false,
      auth: { type: 'bearer', secretSet: true },
    });
    expect((await gateway.api('/api/servers/unwanted')).status).toBe(404);
    expect(complaints()).toEqual([]);
  });

  it('keeps where servers came from, and tells what is there already', async () => {
    await gateway.register({ name: 'Here', path: '/here', url: everything.url });
    const origin = {
      registry: 'https://registry.example.com',
      name: 'org.example/far',
      version: '1.2.0',
      status: 'active',
      pulledAt: '2026-01-01T00:00:00.000Z',
    };
    const servers = [
      { name: 'Here', path: '/here', url: everything.url },
      { name: 'Far', path: '/far', url: `${everything.url}?far`, origin },
      { name: 'Late', path: '/late', url: everything.url },
    ];
    const { page, complaints } = await open('/new?from=json');
    await page.getByRole('textbox', { name: 'JSON', exact: true }).fill(JSON.stringify(servers));
    await page.getByRole('button', { name: 'Show what it has' }).click();
    await page.getByText(/^2 of 3 will be registered/).waitFor();
    await page.getByText('It is registered already, and the same.').waitFor();

    await page.getByRole('button', { name: 'Edit Far' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('switch', { name: /^Enabled/ }).click();
    await dialog.getByRole('button', { name: 'Keep' }).click();
    await dialog.waitFor({ state: 'detached' });
    // Somebody else is faster, and this page has not heard of it.
    await page.route('**/api/import', async (route) => {
      await gateway.register({ name: 'Theirs', path: '/late', url: `${everything.url}?theirs` });
      await route.continue();
    });
    await page.getByRole('button', { name: 'Register 2 servers' }).click();
    await page.getByRole('alert').filter({ hasText: '1 of 2 registered' }).waitFor();
    await page.getByText(/^The server at this path is different: name, url/).waitFor();
    expect(await serverOf('/far')).toMatchObject({ origin, enabled: true });
    expect(await serverOf('/late')).toMatchObject({ name: 'Theirs' });
    expect(complaints()).toEqual([]);
  });

  it('says what it cannot read', async () => {
    const { page, complaints } = await open('/new?from=json');
    await page.getByRole('textbox', { name: 'JSON', exact: true }).fill('{"no": ');
    await page.getByRole('button', { name: 'Show what it has' }).click();
    await page.getByText('This cannot be read').waitFor();
    expect(await page.getByText('text: is not JSON', { exact: true }).count()).toBe(1);
    expect(complaints(422)).toEqual([]);
  });
});

describe('pulling from a registry', () => {
  it('shows what would be taken over, takes it, and tells where it came from', async () => {
    const registry = await startStandInRegistry();
    try {
      registry.entries = [
        // One that no other test has registered: it would be known by its URL.
        { name: 'org.example/pulled', url: `${everything.url}?pulled` },
        { name: 'org.example/package' },
      ];
      const { page, complaints } = await open('/new?from=registry');
      await page.getByRole('textbox', { name: 'URL of the registry' }).fill(registry.url);
      await page.getByRole('button', { name: 'Show what it has' }).click();
      await page.getByText(`2 servers of ${registry.url} (new: 1, left out: 1)`).waitFor();
      await page.getByText(/the server has no remote address/).waitFor();
      expect((await gateway.api('/api/servers/pulled')).status).toBe(404);
      await page.getByRole('button', { name: 'Take over 1 server' }).click();
      await page.getByRole('link', { name: '/pulled' }).click();
      await page.getByText('Pulled from').waitFor();
      await page.getByText(registry.url).waitFor();
      expect(await serverOf('/pulled')).toMatchObject({
        enabled: false,
        origin: { registry: registry.url, name: 'org.example/pulled', status: 'active' },
      });
      expect(complaints()).toEqual([]);
    } finally {
      await registry.close();
    }
  });

  it('follows it from then on, on another schedule, pulls at a press, and follows it no longer', async () => {
    const registry = await startStandInRegistry();
    try {
      registry.entries = [{ name: 'org.example/first', url: `${everything.url}?first` }];
      const { page, complaints } = await open('/new?from=registry');
      await page.getByRole('textbox', { name: 'URL of the registry' }).fill(registry.url);
      await page.getByRole('button', { name: 'Show what it has' }).click();
      await page.getByRole('button', { name: 'Follow' }).click();
      const dialog = page.getByRole('dialog', { name: 'Follow this registry' });
      await dialog.getByRole('combobox', { name: 'Pull from it' }).click();
      await page.getByRole('option', { name: 'only when somebody asks' }).click();
      await dialog.getByRole('button', { name: 'Follow' }).click();
      const followed = page.getByRole('table', { name: 'Registries that are followed' });
      const row = followed.getByRole('row').filter({ hasText: registry.url });
      await row.getByText('only when somebody asks').waitFor();
      await row.getByText('not yet').waitFor();
      await row.getByRole('button', { name: /^Change the schedule/ }).click();
      const schedule = page.getByRole('dialog', { name: 'Change the schedule' });
      await schedule.getByRole('combobox', { name: 'Pull from it' }).click();
      await page.getByRole('option', { name: 'every week' }).click();
      await schedule.getByRole('button', { name: 'Save' }).click();
      await row.getByText('every week').waitFor();
      await row.getByRole('button', { name: /^Pull now/ }).click();
      await page.getByText('Taken over: 1 server').waitFor();
      await row.getByText('created: 1').waitFor();
      expect(await serverOf('/first')).toMatchObject({ origin: { name: 'org.example/first' } });
      await row.getByRole('button', { name: /^Stop following/ }).click();
      await page.getByRole('button', { name: 'Stop following', exact: true }).click();
      await row.waitFor({ state: 'detached' });
      expect(await (await gateway.api('/api/registries')).json()).toEqual({ registries: [] });
      expect((await gateway.api('/api/servers/first')).status).toBe(200);
      expect(complaints()).toEqual([]);
    } finally {
      await registry.close();
    }
  });

  it('says why nothing could be pulled', async () => {
    const { page, complaints } = await open('/new?from=registry');
    await page.getByRole('textbox', { name: 'URL of the registry' }).fill(everything.url);
    await page.getByRole('button', { name: 'Show what it has' }).click();
    await page.getByText('Nothing was pulled').waitFor();
    await page.getByText(/has no list at/).waitFor();
    expect(complaints(502)).toEqual([]);
  });
});
