import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { startConsoleStage, type ConsoleStage } from '../fixtures/console-stage.js';
import { openConsole, type ConsolePage } from '../fixtures/console.js';
import { eventually } from '../fixtures/eventually.js';
import type { EverythingServer } from '../fixtures/everything-server.js';
import { freePort } from '../fixtures/free-port.js';
import type { TestGateway } from '../fixtures/gateway.js';

const MINUTE_MS = 60_000;

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

async function open(
  at: string,
  prepare: (page: Page) => Promise<void> = () => Promise.resolve(),
): Promise<ConsolePage> {
  const console = await openConsole(stage.browser, gateway.url, { at, prepare });
  opened.push(console);
  // Less than a test has, so that it says what it waited for.
  console.page.setDefaultTimeout(12_000);
  return console;
}

interface StoredServer {
  readonly [field: string]: unknown;
  readonly auth: Readonly<Record<string, unknown>>;
}

const serverOf = async (at: string) => {
  const answer = await gateway.api(`/api/servers${at}`);
  return (await answer.json()) as StoredServer;
};
const send = async (method: string, at: string, body: object) => {
  const answer = await gateway.api(at, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
};
const field = (page: Page, path: string): Locator => page.locator(`[data-path="${path}"]`);
const errorOf = (page: Page, path: string): Locator =>
  page
    .locator('.mantine-InputWrapper-root')
    .filter({ has: field(page, path) })
    .locator('.mantine-InputWrapper-error');
const register = (page: Page) => page.getByRole('button', { name: 'Register', exact: true });
const section = (page: Page, name: string) =>
  page.getByRole('button', { name: new RegExp(`^${name} `) });
const openSections = async (page: Page) => {
  for (const name of ['Credentials', 'Connection', 'Limits']) {
    if ((await section(page, name).getAttribute('aria-expanded')) !== 'true') {
      await section(page, name).click();
    }
  }
};
const choose = async (page: Page, path: string, option: string) => {
  await field(page, path).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};
const onServerPage = (page: Page, path: string) =>
  page.waitForURL((url) => url.pathname === `/ui/servers${path}`);

describe('registering a server by the form', () => {
  it('suggests the path, tests the connection, shows the block and leads to the server', async () => {
    const { page, complaints } = await open('/new');
    await field(page, 'url').fill(everything.url);
    await field(page, 'name').fill('Kitchen Sink (EU)');
    expect(await field(page, 'path').inputValue()).toBe('/kitchen-sink-eu');

    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText(/It works, in \d+ ms/).waitFor();
    await page.getByText(/Streamable HTTP, 20\d\d-\d\d-\d\d, legacy/).waitFor();
    await page.getByText('None: the connection is not encrypted').waitFor();
    await page.getByRole('region', { name: 'Tools found' }).getByText('echo').waitFor();
    await page.getByRole('button', { name: 'Show the block' }).click();
    await page.getByText('/kitchen-sink-eu/mcp').first().waitFor();
    expect((await gateway.api('/api/servers/kitchen-sink-eu')).status).toBe(404);

    await register(page).click();
    await page.getByRole('alert').filter({ hasText: 'Kitchen Sink (EU) is registered' }).waitFor();
    await onServerPage(page, '/kitchen-sink-eu');
    expect(await serverOf('/kitchen-sink-eu')).toMatchObject({
      name: 'Kitchen Sink (EU)',
      url: everything.url,
      enabled: true,
      access: 'authenticated',
    });
    expect(complaints()).toEqual([]);
  });

  it('says that it was registered just now, however long the form was open', async () => {
    const { page } = await open('/new', (blank) =>
      blank.clock.install({ time: Date.now() - MINUTE_MS }),
    );
    await field(page, 'url').fill(everything.url);
    await field(page, 'name').fill('Slow');
    await page.clock.fastForward(MINUTE_MS);
    await register(page).click();
    await onServerPage(page, '/slow');
    const registered = page.locator('dt', { hasText: 'Registered' }).locator('+ dd');
    expect(await registered.textContent()).toMatch(/^(just )?now$/);
  });

  it('says what is wrong at the field, in the words of the API, before anything is sent', async () => {
    await gateway.register({ name: 'Taken', path: '/taken', url: everything.url });
    const { page, complaints } = await open('/new');
    await register(page).click();
    await errorOf(page, 'url')
      .getByText('Must be an absolute URL such as http://weather:8000/mcp')
      .waitFor();
    await field(page, 'url').fill('ftp://files');
    await field(page, 'name').fill('Taken');
    expect(await field(page, 'path').inputValue()).toBe('/taken-2');
    await errorOf(page, 'url').getByText('Must begin with http:// or https://').waitFor();
    await field(page, 'path').fill('/API/x');
    await field(page, 'path').blur();
    await errorOf(page, 'path')
      .getByText(/the gateway keeps for itself/)
      .waitFor();
    await field(page, 'path').fill('/taken');
    await field(page, 'path').blur();
    await errorOf(page, 'path').getByText('Is the path of another server').waitFor();
    await register(page).click();
    await page.getByText('2 fields are not right yet.').waitFor();
    await eventually(
      () => page.locator(':focus').getAttribute('data-path'),
      (path) => path === 'url',
    );
    expect(complaints()).toEqual([]);
  });

  it('shows at the fields what only the API knows', async () => {
    const { page, complaints } = await open('/new');
    await field(page, 'url').fill(everything.url);
    await field(page, 'name').fill('Refused');
    await page.route('**/api/servers', (route) =>
      route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          code: 'validation-failed',
          title: 'Not accepted',
          detail: 'Not accepted: limits.burst',
          errors: [{ field: 'limits.burst', message: 'must be less today' }],
        }),
      }),
    );
    await register(page).click();
    const message = errorOf(page, 'limits.burst').getByText('Must be less today');
    await message.waitFor();
    expect(await section(page, 'Limits').getAttribute('aria-expanded')).toBe('true');
    expect(complaints(422)).toEqual([]);
  });

  it('tells what is wrong with an address where nobody listens', async () => {
    const { page, complaints } = await open('/new');
    await field(page, 'url').fill(`http://127.0.0.1:${await freePort()}/mcp`);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText(/It cannot be reached: /).waitFor();
    expect(complaints()).toEqual([]);
  });

  it('says of a server in effect that it was not checked, or that it does not answer', async () => {
    const { page } = await open('/new');
    await field(page, 'url').fill(`http://127.0.0.1:${await freePort()}/mcp`);
    await field(page, 'name').fill('Silent');
    await register(page).click();
    await page
      .getByText(/^In effect at the gateway\. (It was not checked yet|But its last check failed)/)
      .waitFor();
    expect(await serverOf('/silent')).toMatchObject({ enabled: true });
    await gateway.api('/api/servers/silent', { method: 'DELETE' });
  });

  it('says of a name that cannot be found that the server is left out', async () => {
    const { page } = await open('/new');
    await field(page, 'url').fill('http://no-such-host.invalid/mcp');
    await field(page, 'name').fill('Nowhere');
    await register(page).click();
    await page.getByText(/^But it is left out: /).waitFor();
    expect(await page.getByText('In effect').count()).toBe(0);
    await gateway.api('/api/servers/nowhere', { method: 'DELETE' });
  });

  it('says of a server that is left out that it is, and not that all is well', async () => {
    const { page } = await open('/new');
    await field(page, 'url').fill('http://lost.invalid/mcp');
    await field(page, 'name').fill('Lost');
    await register(page).click();
    await page.getByText(/^But it is left out: .*lost\.invalid/).waitFor();
    expect(await page.getByText('In effect').count()).toBe(0);
    await gateway.api('/api/servers/lost', { method: 'DELETE' });
  });

  it('has an input for every field of the API', async () => {
    const { page, complaints } = await open('/new');
    await openSections(page);
    // By its key: a section may still be opening, which moves what is below a pointer.
    await page.getByRole('button', { name: 'Limit a tool' }).press('Enter');
    await page.locator('[data-path="limits.tools.0.name"]').waitFor();
    const seen = new Set<string>();
    for (const type of AUTH_TYPES) {
      await choose(page, 'auth.type', type);
      if (type.startsWith('Headers')) {
        await page.getByRole('button', { name: 'Add a header' }).click();
      }
      for (const input of await page.locator('[data-path]').all()) {
        seen.add(((await input.getAttribute('data-path')) ?? '').replace(/\.0(?=\.)/g, '.*'));
      }
    }
    const shown = [...seen].filter((path) => !['auth.headers', 'limits.tools'].includes(path));
    const wanted = (await fieldsOfApi()).map((path) => path.replace(/\.\*$/, ''));
    expect(shown.sort()).toEqual([...new Set(wanted)].sort());
    expect(complaints()).toEqual([]);
  });

  it('sends credentials and limits, and asks before unsaved changes are left', async () => {
    const { page, complaints } = await open('/new');
    await field(page, 'url').fill(everything.url);
    await field(page, 'name').fill('Full');
    await page.getByRole('link', { name: 'Tools', exact: true }).click();
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });

    await openSections(page);
    await choose(page, 'auth.type', 'Bearer token');
    await register(page).click();
    await errorOf(page, 'auth.token').getByText('Is required').waitFor();
    await field(page, 'auth.token').fill('canary-secret');
    await field(page, 'limits.callsPerMinute').fill('60');
    await field(page, 'timeoutSeconds').fill('30');
    await field(page, 'tags').pressSequentially('one,two,');
    await register(page).click();
    await onServerPage(page, '/full');
    expect(await serverOf('/full')).toMatchObject({
      auth: { type: 'bearer', secretSet: true },
      limits: { callsPerMinute: 60 },
      timeoutSeconds: 30,
      tags: ['one', 'two'],
    });
    expect(complaints()).toEqual([]);
  });
});

const AUTH_TYPES = [
  'None',
  'Bearer token',
  'User name and password (Basic)',
  'Headers, such as an API key',
  'OAuth client credentials',
  "The client's own, passed on",
];

interface ApiSchema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, ApiSchema>>;
  readonly items?: ApiSchema;
  readonly oneOf?: readonly ApiSchema[];
  readonly anyOf?: readonly ApiSchema[];
  readonly allOf?: readonly ApiSchema[];
}

/** What the OpenAPI document says of a server's registration: `limits.tools.*.name` and so on. */
async function fieldsOfApi(): Promise<string[]> {
  const answer = await gateway.api('/api/openapi.json');
  const { components } = (await answer.json()) as {
    components: { schemas: Readonly<Record<string, ApiSchema>> };
  };
  const leaves = (schema: ApiSchema | undefined, at: string): string[] => {
    if (schema?.$ref) return leaves(components.schemas[schema.$ref.split('/').at(-1) ?? ''], at);
    const options = schema?.oneOf ?? schema?.anyOf ?? schema?.allOf;
    if (options) return options.flatMap((option) => leaves(option, at));
    if (schema?.items) return leaves(schema.items, `${at}.*`);
    if (!schema?.properties) return [at];
    return Object.entries(schema.properties).flatMap(([key, each]) =>
      leaves(each, at === '' ? key : `${at}.${key}`),
    );
  };
  return leaves(components.schemas.ServerInput, '');
}

describe('editing a server', () => {
  it('keeps secrets that are not typed, and sends what was changed alone', async () => {
    await gateway.register({
      name: 'Kept',
      path: '/kept',
      url: everything.url,
      auth: { type: 'bearer', token: 'canary-secret' },
    });
    const before = await serverOf('/kept');
    const { page, complaints } = await open('/edit/kept');
    await openSections(page);
    expect(await field(page, 'auth.token').inputValue()).toBe('');
    expect(await page.content()).not.toContain('canary-secret');
    await field(page, 'description').fill('Now described');
    const sent = page.waitForRequest((each) => each.method() === 'PATCH');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const request = await sent;
    expect(request.postDataJSON()).toEqual({ description: 'Now described' });
    expect(request.headers()['if-match']).toBe(`"${String(before.revision)}"`);
    await onServerPage(page, '/kept');
    expect(await serverOf('/kept')).toMatchObject({
      description: 'Now described',
      auth: before.auth,
    });
    expect(complaints()).toEqual([]);
  });

  it('shows what somebody else changed meanwhile, and lets one choose', async () => {
    await gateway.register({ name: 'Crossed', path: '/crossed', url: everything.url });
    const { page, complaints } = await open('/edit/crossed');
    await field(page, 'name').fill('Mine');
    await field(page, 'description').fill('My words');
    await send('PATCH', '/api/servers/crossed', { name: 'Theirs', tags: ['theirs'] });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Somebody changed this server meanwhile' });
    await dialog.getByText('Theirs', { exact: true }).first().waitFor();
    await dialog.getByText('Keep mine').click();
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await field(page, 'name').inputValue()).toBe('Mine');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await onServerPage(page, '/crossed');
    expect(await serverOf('/crossed')).toMatchObject({
      name: 'Mine',
      description: 'My words',
      tags: ['theirs'],
    });
    expect(complaints(412)).toEqual([]);
  });
});
