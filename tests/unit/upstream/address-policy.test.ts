import { describe, expect, it } from '@jest/globals';
import {
  judgeAddress,
  judgeHost,
  parseAllowList,
  sameAddress,
  type AllowList,
  type UpstreamPolicy,
} from '../../../registry/upstream/address-policy.js';

function allowList(mode: UpstreamPolicy['mode'], ...allow: string[]): AllowList {
  const parsed = parseAllowList({ mode, allow });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

const open = allowList('private-allowed');
const judge = (address: string, allow = open, host = address) => judgeAddress(allow, host, address);

describe('the outbound policy', () => {
  it.each([
    ['the metadata address', '169.254.169.254'],
    ['it in decimal', '2852039166'],
    ['it in hexadecimal', '0xa9fea9fe'],
    ['it in octal', '0251.0376.0251.0376'],
    ['it mapped into IPv6', '::ffff:169.254.169.254'],
    ['it mapped, in hexadecimal', '[::ffff:a9fe:a9fe]'],
    ['it in the form of RFC 6145', '::ffff:0:169.254.169.254'],
    ['it IPv4-compatible', '::169.254.169.254'],
    ['it behind NAT64', '64:ff9b::a9fe:a9fe'],
    ['it behind local NAT64', '64:ff9b:1::a9fe:a9fe'],
    ['it in 6to4', '2002:a9fe:a9fe::1'],
    ['it in Teredo', '2001:0:102:304::5601:5601'],
    ['it in ISATAP', '2001:db9::5efe:a9fe:a9fe'],
    ['the container credentials of AWS', '169.254.170.2'],
    ['the IPv6 metadata of AWS', 'fd00:ec2::254'],
    ['the metadata of Alibaba', '100.100.100.200'],
    ['the wire server of Azure', '168.63.129.16'],
    ['a link-local address', '169.254.1.1'],
    ['a link-local IPv6 address', 'fe80::1'],
    ['one with a zone', 'fe80::1%eth0'],
    ['the unspecified address', '0.0.0.0'],
    ['it as one number', '0'],
    ['the unspecified IPv6 address', '::'],
    ['a multicast address', '224.0.0.1'],
    ['an IPv6 multicast address', 'ff02::1'],
    ['the broadcast address', '255.255.255.255'],
    ['a reserved address', '240.0.0.1'],
    ['a documentation address', '2001:db8::1'],
    ['a site-local address', 'fec0::1'],
    ['no address', 'example.com'],
  ])('never permits %s', (_name, address) => {
    for (const allow of [open, allowList('strict', address.replace(/[[\]]/g, ''), '0.0.0.0/0')]) {
      const verdict = judge(address, allow);
      expect(verdict).toMatchObject({ ok: false });
      expect(verdict).toMatchObject({ reason: expect.stringContaining('UPSTREAM_POLICY') });
    }
  });

  it.each(['10.0.0.5', '172.16.0.1', '192.168.1.1', '127.0.0.1', '::1', 'fd12::1', '100.64.0.1'])(
    'permits the private address %s unless it is strict',
    (address) => {
      expect(judge(address)).toEqual({ ok: true });
      const verdict = judge(address, allowList('strict'));
      expect(verdict).toMatchObject({ reason: expect.stringContaining('UPSTREAM_ALLOW') });
      expect(verdict).toMatchObject({ reason: expect.stringContaining(address) });
    },
  );

  it.each(['1.1.1.1', '2606:4700::1111'])('permits the public address %s', (address) => {
    expect(judge(address)).toEqual({ ok: true });
  });

  it.each([
    ['a range', '10.0.0.0/8', '10.1.2.3'],
    ['an address', '10.1.2.3', '10.1.2.3'],
    ['an IPv6 range', 'fd00::/8', 'fd12::1'],
    ['a range, of a mapped address', '10.0.0.0/8', '::ffff:10.1.2.3'],
  ])('permits %s that UPSTREAM_ALLOW names', (_name, entry, address) => {
    expect(judge(address, allowList('strict', entry))).toEqual({ ok: true });
    expect(judge('11.1.2.3', allowList('strict', entry))).toMatchObject({ ok: false });
  });

  it('permits whatever an allowed name resolves to, except metadata', () => {
    const allow = allowList('strict', 'Weather.internal');
    expect(judge('10.0.0.1', allow, 'weather.internal.')).toEqual({ ok: true });
    expect(judge('169.254.169.254', allow, 'weather.internal')).toMatchObject({ ok: false });
    expect(judge('10.0.0.1', allow, 'other.internal')).toMatchObject({ ok: false });
  });

  it.each(['metadata', 'metadata.google.internal', 'METADATA.google.internal.', 'instance-data'])(
    'never permits the name %s',
    (name) => {
      expect(judgeHost(name)).toMatchObject({ ok: false });
    },
  );

  it('refuses a range that is none and names the setting', () => {
    const parsed = parseAllowList({ mode: 'strict', allow: ['10.0.0.0/33'] });
    expect(parsed).toMatchObject({ ok: false, problem: expect.stringContaining('UPSTREAM_ALLOW') });
  });

  it('knows two notations of one address', () => {
    expect(sameAddress('::ffff:10.0.0.1', '10.0.0.1')).toBe(true);
    expect(sameAddress('::1', '0:0:0:0:0:0:0:1')).toBe(true);
    expect(sameAddress('10.0.0.1', '10.0.0.2')).toBe(false);
  });
});
