import { z } from 'zod';
import { validate } from '../validate.js';

/** How a request came, as far as the registry believes what it is told. */
export interface Arrival {
  readonly scheme: 'http' | 'https';
  /** With its port, where it has one of its own. */
  readonly host: string;
}

/** Whether the browser sent the cookie of a session, and whether that session is one. */
const COOKIE_STATES = ['accepted', 'unknown', 'missing'] as const;
export type CookieState = (typeof COOKIE_STATES)[number];

const HINTS = [
  'proxy-not-trusted',
  'scheme-misreported',
  'host-misreported',
  'not-the-public-url',
  'cookie-not-kept',
] as const;

export const loginCheckSchema = z.strictObject({
  cookie: z.enum(COOKIE_STATES).meta({
    description:
      'Of this request: of a session that goes on, of one that is not known here, or none.',
  }),
  secure: z.boolean().meta({
    description: 'Whether a log-in that arrives like this request gets a cookie that is Secure.',
  }),
  scheme: z.enum(['http', 'https']).meta({ description: 'How this request arrived.' }),
  host: z.string(),
  publicUrl: z.string(),
  hints: z
    .array(z.strictObject({ code: z.enum(HINTS), message: z.string() }))
    .meta({ description: 'What is wrong, and what to do about it.' }),
});
export type LoginCheck = z.output<typeof loginCheckSchema>;
type Hint = LoginCheck['hints'][number];

const originSchema = z
  .url({ protocol: /^https?$/, error: 'must be an origin such as https://gateway.example.com' })
  .refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'must be an origin such as https://gateway.example.com, without a path or a slash at the end',
  );

export const loginCheckQuerySchema = z.strictObject({
  origin: originSchema.optional().meta({
    description:
      '`location.origin` of the page that asks: the address as the browser itself sees it.',
  }),
});

/**
 * Why a log-in may not hold. A browser does not say why it dropped a cookie, but its address bar, what arrived here
 * and the settings tell where they differ.
 * @throws RegistryError `validation-failed`
 */
export function checkLogin(
  query: unknown,
  facts: { readonly cookie: CookieState; readonly arrival: Arrival; readonly publicUrl: string },
): LoginCheck {
  const { origin: browser } = validate(loginCheckQuerySchema, query);
  const { cookie, arrival, publicUrl } = facts;
  const { scheme, host } = arrival;
  const differences = browser === undefined ? [] : differencesOf(new URL(browser), arrival);
  const other = differences.length === 0 ? addressHints(facts, browser) : [];
  const hints = [...differences, ...other];
  return {
    cookie,
    secure: scheme === 'https',
    scheme,
    host,
    publicUrl,
    hints: cookie === 'missing' ? [...hints, notKept(scheme)] : hints,
  };
}

/** Something between the browser and us changes what it passes on, or is not believed. */
function differencesOf(browser: URL, { scheme, host }: Arrival): Hint[] {
  const hints: Hint[] = [];
  if (browser.protocol === 'https:' && scheme === 'http') {
    hints.push(
      hint(
        'proxy-not-trusted',
        'The browser came by https and the request arrived by http, so that the cookie is not Secure. Name the ' +
          'proxy in front in TRUSTED_PROXIES, and let it send X-Forwarded-Proto: https.',
      ),
    );
  }
  if (browser.protocol === 'http:' && scheme === 'https') {
    hints.push(
      hint(
        'scheme-misreported',
        'The browser came by http, but the proxy in front says https (X-Forwarded-Proto): the cookie is Secure, ' +
          'and browsers drop it. Open the address by https, or let the proxy say the scheme that it was asked by.',
      ),
    );
  }
  if (!isSameHost(browser, host)) {
    hints.push(
      hint(
        'host-misreported',
        `The browser asked for ${browser.host} and the request arrived for ${host}, so that log-ins may be refused ` +
          'as those of another site. Let the proxy in front pass on Host, or set X-Forwarded-Host and name it in ' +
          'TRUSTED_PROXIES.',
      ),
    );
  }
  return hints;
}

function addressHints(
  { cookie, arrival: { scheme, host }, publicUrl }: Parameters<typeof checkLogin>[1],
  browser: string | undefined,
): Hint[] {
  const wanted = new URL(publicUrl);
  if (wanted.protocol === 'https:' && scheme === 'http') {
    const proxy =
      browser === undefined
        ? ' If it did come by https, name the proxy in front in TRUSTED_PROXIES.'
        : '';
    return [
      hint(
        'not-the-public-url',
        `PUBLIC_URL is ${publicUrl} and the request arrived by http. Open ${publicUrl} instead: a browser that has ` +
          `a Secure cookie from there keeps none that is set by http.${proxy}`,
      ),
    ];
  }
  // Cookies know no ports.
  if (cookie === 'accepted' || hostnameOf(host) === wanted.hostname) return [];
  return [
    hint(
      'not-the-public-url',
      `PUBLIC_URL is ${publicUrl} and the request arrived for ${host}. A session holds for the host name at which it ` +
        `began and for no other: stay with one, best with ${publicUrl}.`,
    ),
  ];
}

function notKept(scheme: Arrival['scheme']): Hint {
  const older =
    scheme === 'http'
      ? ' If this host was visited by https before, delete its old cookie or go on with https: a cookie that is set ' +
        'by http does not replace a Secure one.'
      : '';
  return hint(
    'cookie-not-kept',
    `No session cookie arrived. After a log-in that succeeded, the browser did not keep it: allow cookies for this address.${older}`,
  );
}

/** Ports that go without saying are left out by browsers, and not by every proxy. */
function isSameHost(url: URL, host: string): boolean {
  const other = `${url.protocol}//${host}`;
  return URL.canParse(other) && new URL(other).host === url.host;
}

function hostnameOf(host: string): string | undefined {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;
}

function hint(code: Hint['code'], message: string): Hint {
  return { code, message };
}
