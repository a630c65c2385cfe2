import { describe, expect, it } from '@jest/globals';
import * as nginx from '../../../../registry/gateway/plan/nginx-value.js';

const HOSTILE = [
  ' ',
  'a b',
  'a;b',
  'a{b',
  'a}b',
  'a"b',
  "a'b",
  'a\\b',
  'a\nb',
  'a\rb',
  'a\tb',
  'a\0b',
  'a#b',
  'a$b',
  '${a}',
  'a\u0085b',
  'a\u2028b',
  'é',
];

const places: readonly [string, (text: string) => string, readonly string[]][] = [
  ['publicPath', nginx.publicPath, ['/a', '/a/b/c', '/0-_']],
  ['requestPath', nginx.requestPath, ['/', '/a/b.c', '/a%20b', '/!&()*+,=:@~']],
  ['requestQuery', nginx.requestQuery, ['a=b', 'a=%20&b=1+2?/']],
  ['plainPath', nginx.plainPath, ['/', '/messages', '/a/b.c~d/']],
  ['authority', nginx.authority, ['h', 'h.example.test:8080', '[::1]', '[::1]:80', 'a_b']],
  ['scheme', nginx.scheme, ['http', 'https']],
  ['transport', nginx.transport, ['sse', 'streamable-http']],
  ['origin', nginx.origin, ['http://localhost:6274', 'https://[::1]']],
  ['publicUrl', nginx.publicUrl, ['https://gw.example.test', 'http://h:1/gw/x']],
  ['network', nginx.network, ['10.0.0.0/8', '::1', '2001:db8::/32']],
  ['word', nginx.word, ['mcp.team.a', 'sse_3600s_1_plain']],
  ['socketAddress', (text) => nginx.socketAddress(text, 80), ['127.0.0.1', '::1']],
];

describe.each(places)('%s', (_name, make, valid) => {
  it.each(valid)('takes %s', (text) => {
    expect(make(text)).toContain(text);
  });

  it.each(HOSTILE)('refuses %j, alone and within', (hostile) => {
    expect(() => make(hostile)).toThrow(/is not a valid/);
    const around = valid.flatMap((text) => [text + hostile, hostile + text]);
    for (const text of around) expect(() => make(text)).toThrow(/is not a valid/);
  });

  it('refuses what is too long', () => {
    expect(() => make(`${valid[0] ?? ''}${'a'.repeat(3000)}`)).toThrow(/is not a valid/);
  });
});

describe('other values', () => {
  it.each(['/etc/x y.pem', '/home/é/key.pem'])('a file name may be %s', (name) => {
    expect(nginx.filePath(name)).toBe(`"${name}"`);
  });

  it.each(['a"b', 'a\\b', 'a$b', 'a;b', 'a{b', 'a\nb', ''])('a file name is not %j', (name) => {
    expect(() => nginx.filePath(name)).toThrow(/is not a valid file name/);
  });

  it('IPv6 addresses are bracketed', () => {
    expect(nginx.socketAddress('2001:db8::1', 8080)).toBe('[2001:db8::1]:8080');
  });

  it.each([-1, 1.5, NaN, Infinity, 70_000])('%d is no port', (port) => {
    expect(() => nginx.socketAddress('127.0.0.1', port)).toThrow(/whole number/);
  });

  it('dots are taken literally in patterns', () => {
    expect(nginx.literalInRegex(nginx.plainPath('/a.b'))).toBe('/a\\.b');
  });
});
