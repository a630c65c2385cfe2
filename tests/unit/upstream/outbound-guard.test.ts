import { describe, expect, it } from '@jest/globals';
import { createOutboundGuard } from '../../../registry/upstream/outbound-guard.js';

function guardWith(names: Readonly<Record<string, readonly string[]>>, strict?: readonly string[]) {
  return createOutboundGuard({
    policy: { mode: strict ? 'strict' : 'private-allowed', allow: strict ?? [] },
    ownPorts: [7860, 8080],
    lookup: (host) => Promise.resolve(names[host] ?? []),
    machineAddresses: () => ['127.0.0.1', '10.0.0.7', 'fd00::7'],
  });
}

describe('the outbound guard', () => {
  it('gives the addresses of a name, IPv4 first, and leaves out those it refuses', async () => {
    const guard = guardWith({ weather: ['fd00::5', 'fe80::1', '10.0.0.5'] });
    await expect(guard.resolve('weather', 8000)).resolves.toEqual(['10.0.0.5', 'fd00::5']);
  });

  it('refuses a name that leads to metadata alone', async () => {
    const guard = guardWith({ innocent: ['169.254.169.254'] });
    await expect(guard.resolve('innocent', 80)).rejects.toThrow('innocent (169.254.169.254)');
  });

  it('does not look a metadata name up', async () => {
    const guard = guardWith({ 'metadata.google.internal': ['10.0.0.5'] });
    await expect(guard.resolve('metadata.google.internal', 80)).rejects.toThrow('metadata service');
  });

  it.each(['127.0.0.1', '127.8.8.8', '::1', '10.0.0.7', '::ffff:10.0.0.7', 'fd00::7'])(
    "refuses the registry's own ports at %s",
    (address) => {
      const guard = guardWith({});
      expect(guard.judge(address, 7860, address)).toMatchObject({ ok: false });
      expect(guard.judge(address, 8080, address)).toMatchObject({ ok: false });
      expect(guard.judge(address, 9000, address)).toEqual({ ok: true });
    },
  );

  it('permits the same ports of another machine', () => {
    expect(guardWith({}).judge('10.0.0.8', 8080, '10.0.0.8')).toEqual({ ok: true });
  });

  it.each([
    ['http://2852039166/', false],
    ['http://0xa9.0xfe.0xa9.0xfe/', false],
    ['http://[::ffff:a9fe:a9fe]/', false],
    ['http://metadata.google.internal/', false],
    ['http://127.0.0.1:7860/api', false],
    ['http://localhost:7860/api', false],
    ['https://my.LOCALHOST.:8080/', false],
    ['http://localhost:8000/mcp', true],
    ['http://notlocalhost:7860/mcp', true],
    ['http://10.1.2.3/mcp', true],
    ['http://weather:8000/mcp', true],
  ])('judges %s without a lookup', (url, ok) => {
    expect(guardWith({}).judgeUrl(url).ok).toBe(ok);
  });

  it('refuses private addresses in strict mode unless the host is allowed', async () => {
    const names = { weather: ['10.0.0.5'], other: ['10.0.0.6'] };
    const guard = guardWith(names, ['weather']);
    await expect(guard.resolve('weather', 80)).resolves.toEqual(['10.0.0.5']);
    await expect(guard.resolve('other', 80)).rejects.toThrow('UPSTREAM_ALLOW');
    expect(guard.judgeUrl('http://10.1.2.3/mcp')).toMatchObject({ ok: false });
  });

  it.each([
    [['weather'], 'http://weather/mcp', true],
    [['weather'], 'http://other/mcp', false],
    // Its address may be in the range.
    [['10.0.0.0/8'], 'http://other/mcp', true],
    [['10.0.0.0/8'], 'http://192.168.1.1/mcp', false],
  ])(
    'judges with %j in strict mode that %s is permitted without a lookup: %s',
    (allow, url, ok) => {
      expect(guardWith({}, allow).judgeUrl(url).ok).toBe(ok);
    },
  );

  it('does not start with an allow list that it cannot read', () => {
    expect(() => guardWith({}, ['10.0.0.0/99'])).toThrow('UPSTREAM_ALLOW');
  });
});
