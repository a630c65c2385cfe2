import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { askFromPage, launchChromium } from '../fixtures/chromium.js';
import { freePort } from '../fixtures/free-port.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { startOidcProvider, type OidcProviderFixture } from '../fixtures/oidc-provider.js';

const ADA = {
  sub: 'ada-1',
  preferred_username: 'ada',
  name: 'Ada Lovelace',
  groups: ['mcp-admins'],
};

let browser: Browser;
let page: Page;
let provider: OidcProviderFixture;
let gateway: TestGateway;
/** Another site than the provider's, which is at 127.0.0.1. */
let origin: string;

beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  provider = await startOidcProvider(origin);
  [browser, gateway] = await Promise.all([
    launchChromium([]),
    startTestGateway({
      environment: {
        GATEWAY_PORT: String(port),
        PUBLIC_URL: origin,
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: provider.clientId,
        OIDC_CLIENT_SECRET: provider.clientSecret,
        OIDC_ROLE_MAP: 'mcp-admins=admin',
      },
    }),
  ]);
  page = await browser.newPage();
});

afterAll(async () => {
  await browser.close();
  await gateway.close();
  await provider.close();
});

const begin = () => page.goto(`${origin}/api/login/oidc?returnTo=/docs?from=here`);

describe('logging in through the identity provider with a browser', () => {
  it('leads there and back, begins a session, and ends it here and there', async () => {
    provider.person = ADA;
    await begin();
    expect(page.url()).toBe(`${origin}/docs?from=here`);
    const me = await askFromPage(page, '/api/me');
    expect(me).toMatchObject({
      status: 200,
      body: { username: 'ada', displayName: 'Ada Lovelace', roles: ['admin'] },
    });
    const ours = (await page.context().cookies(origin)).map(({ name }) => name);
    expect(ours).toEqual(['mcpgw_session']);

    // The provider remembers her: nobody is asked again.
    provider.person = undefined;
    await begin();
    const again = await askFromPage(page, '/api/me');
    expect(again).toMatchObject({ status: 200, body: { username: 'ada' } });

    const { csrfToken, endSessionUrl } = again.body;
    const out = await askFromPage(page, '/api/logout', { method: 'POST', csrfToken });
    expect(out.status).toBe(204);
    expect((await askFromPage(page, '/api/me')).status).toBe(401);
    await page.goto(String(endSessionUrl));
    await page.locator('button[name="logout"]').click();
    await page.waitForURL((url) => url.origin === origin);

    // Now it does not, and whoever sits there cancels.
    const [answer] = await Promise.all([
      page.waitForResponse((each) => each.url().includes('/ui/login?error=log-in-failed')),
      begin(),
    ]);
    expect(new URL(answer.url()).origin).toBe(origin);
    expect((await askFromPage(page, '/api/me')).status).toBe(401);
  });
});
