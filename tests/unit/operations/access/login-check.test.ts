import { describe, expect, it } from '@jest/globals';
import {
  checkLogin,
  type Arrival,
  type CookieState,
} from '../../../../registry/operations/access/login-check.js';

const HTTPS_URL = 'https://gateway.example.com';
const HTTP_URL = 'http://127.0.0.1:8080';

const check = (
  arrival: Arrival,
  options: { publicUrl?: string; origin?: string; cookie?: CookieState } = {},
) => {
  const { publicUrl = HTTPS_URL, origin, cookie = 'missing' } = options;
  return checkLogin(origin === undefined ? {} : { origin }, { cookie, arrival, publicUrl });
};
const codes = (...given: Parameters<typeof check>) => check(...given).hints.map(({ code }) => code);

describe('checkLogin', () => {
  it('has nothing to say where all is well', () => {
    const arrival = { scheme: 'https', host: 'gateway.example.com' } as const;
    expect(check(arrival, { cookie: 'accepted', origin: HTTPS_URL })).toEqual({
      cookie: 'accepted',
      secure: true,
      scheme: 'https',
      host: 'gateway.example.com',
      publicUrl: HTTPS_URL,
      hints: [],
    });
    const withPort = { ...arrival, host: 'gateway.example.com:443' };
    expect(codes(withPort, { cookie: 'accepted', origin: HTTPS_URL })).toEqual([]);
  });

  it('finds a proxy that is not believed', () => {
    const { secure, hints } = check(
      { scheme: 'http', host: 'gateway.example.com' },
      { origin: HTTPS_URL, cookie: 'accepted' },
    );
    expect(secure).toBe(false);
    expect(hints).toEqual([
      { code: 'proxy-not-trusted', message: expect.stringContaining('TRUSTED_PROXIES') },
    ]);
  });

  it('finds a proxy that says https where the browser came by http', () => {
    expect(
      codes(
        { scheme: 'https', host: 'gateway.example.com' },
        { origin: 'http://gateway.example.com' },
      ),
    ).toEqual(['scheme-misreported', 'cookie-not-kept']);
  });

  it('finds a proxy that asks under another name', () => {
    expect(codes({ scheme: 'https', host: 'backend:8080' }, { origin: HTTPS_URL })).toEqual([
      'host-misreported',
      'cookie-not-kept',
    ]);
  });

  it('sends those who came by http to the public URL, where that is https', () => {
    const arrival = { scheme: 'http', host: 'gateway.example.com' } as const;
    const told = check(arrival, { origin: 'http://gateway.example.com' });
    expect(told.hints.map(({ code }) => code)).toEqual(['not-the-public-url', 'cookie-not-kept']);
    expect(told.hints[0]?.message).toContain(`Open ${HTTPS_URL} instead`);
    expect(told.hints[0]?.message).not.toContain('TRUSTED_PROXIES');
    expect(check(arrival).hints[0]?.message).toContain('TRUSTED_PROXIES');
  });

  it('tells of another host name only when the session was not found there', () => {
    const arrival = { scheme: 'http', host: 'localhost:8080' } as const;
    expect(codes(arrival, { publicUrl: HTTP_URL })).toEqual([
      'not-the-public-url',
      'cookie-not-kept',
    ]);
    expect(codes(arrival, { publicUrl: HTTP_URL, cookie: 'accepted' })).toEqual([]);
    const otherPort = { scheme: 'http', host: '127.0.0.1:7860' } as const;
    expect(codes(otherPort, { publicUrl: HTTP_URL })).toEqual(['cookie-not-kept']);
  });

  it('tells a session that has ended from a cookie that did not come', () => {
    const arrival = { scheme: 'http', host: '127.0.0.1:8080' } as const;
    expect(codes(arrival, { publicUrl: HTTP_URL, cookie: 'unknown' })).toEqual([]);
    expect(check(arrival, { publicUrl: HTTP_URL }).hints).toEqual([
      { code: 'cookie-not-kept', message: expect.stringContaining('a Secure one') },
    ]);
  });

  it.each(['gateway.example.com', 'ftp://a', 'https://a/', 'https://a/b', 'null', ['https://a']])(
    'refuses %j as an origin',
    (origin) => {
      const facts = { arrival: { scheme: 'https', host: 'a' }, publicUrl: HTTPS_URL } as const;
      const run = () => checkLogin({ origin }, { cookie: 'missing', ...facts });
      expect(run).toThrow(expect.objectContaining({ code: 'validation-failed' }));
    },
  );
});
