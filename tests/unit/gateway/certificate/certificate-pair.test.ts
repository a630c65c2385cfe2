import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  parseCertificatePair,
  type ParsedPair,
} from '../../../../registry/gateway/certificate/certificate-pair.js';
import { selfSigned, type SelfSigned } from '../../../fixtures/self-signed.js';

const FILES = { certFile: '/tls/cert.pem', keyFile: '/tls/key.pem' };

let one: SelfSigned;
let other: SelfSigned;

beforeAll(() => {
  one = selfSigned({ names: 'DNS:a.example,DNS:*.b.example,IP:192.0.2.7', days: 30 });
  other = selfSigned({ newKey: 'rsa:2048' });
});

const parse = (cert: string, key: string): ParsedPair =>
  parseCertificatePair(Buffer.from(cert), Buffer.from(key), FILES);

describe('parseCertificatePair', () => {
  it('tells what the certificate is for and until when', () => {
    const parsed = parse(one.cert, one.key);
    if (!parsed.ok) throw new Error(parsed.reason);
    const { names, validFrom, validTo, digest } = parsed.pair;
    expect(names).toEqual(['a.example', '*.b.example', '192.0.2.7']);
    expect(validTo.getTime() - validFrom.getTime()).toBe(30 * 86_400_000);
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
  });

  it('takes a chain, and parameters before the key', () => {
    const parameters =
      '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    expect(parse(one.cert + other.cert, parameters + one.key).ok).toBe(true);
  });

  it('gives another digest to other bytes', () => {
    const digests = [parse(one.cert, one.key), parse(`${one.cert}${other.cert}`, one.key)].map(
      (parsed) => parsed.ok && parsed.pair.digest,
    );
    expect(new Set(digests).size).toBe(2);
  });

  it.each([
    ['an empty certificate file', () => ['', one.key], /cert\.pem holds no certificate/],
    ['half a certificate', () => [one.cert.slice(0, 300), one.key], /cert\.pem holds no certif/],
    ['half a chain', () => [one.cert + other.cert.slice(0, 300), one.key], /in the middle/],
    ['an empty key file', () => [one.cert, ''], /key\.pem holds no private key/],
    ['half a key', () => [one.cert, one.key.slice(0, 100)], /key\.pem holds no private key/],
    ['the key of another', () => [one.cert, other.key], /is not the one of the certificate/],
    [
      'a key with a passphrase',
      () => [one.cert, one.key.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE')],
      /passphrase/,
    ],
    [
      'damaged base64',
      () => [one.cert.replace(/\n[A-Za-z0-9+/]{20}/, '\n!!!!'), one.key],
      /cannot be used/,
    ],
  ] as const)('refuses %s', (_what, files, reason) => {
    const [cert = '', key = ''] = files();
    expect(parse(cert, key)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });
});
