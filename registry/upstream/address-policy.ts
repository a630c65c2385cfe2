import ipaddr from 'ipaddr.js';
import { accept, refuse, type Result } from '../catalog/result.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** What `UPSTREAM_POLICY` and `UPSTREAM_ALLOW` say. */
export interface UpstreamPolicy {
  readonly mode: 'private-allowed' | 'strict';
  /** Host names, addresses and CIDR ranges. */
  readonly allow: readonly string[];
}

/** Whether something may be contacted, and if not, why and which setting decides. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** The policy in a form that answers questions. */
export interface AllowList {
  readonly strict: boolean;
  readonly names: ReadonlySet<string>;
  readonly ranges: readonly (readonly [Address, number])[];
}

const ALLOWED: Verdict = { ok: true };

/** Services that give a cloud machine's credentials to whoever asks. */
const METADATA_ADDRESSES: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:c1::a9fe:a9fe',
  'fd00:42::42',
]);

const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'instance-data',
  'instance-data.ec2.internal',
  'rancher-metadata',
]);

const PRIVATE_RANGES: ReadonlySet<string> = new Set([
  'private',
  'loopback',
  'carrierGradeNat',
  'uniqueLocal',
  'benchmarking',
]);

const FORBIDDEN_RANGES: Readonly<Record<string, string>> = {
  linkLocal: 'a link-local address',
  unspecified: 'an unspecified address',
  multicast: 'a multicast address',
  broadcast: 'a broadcast address',
};

/** Reads `UPSTREAM_ALLOW`; an entry that looks like a range or address must be one. */
export function parseAllowList(policy: UpstreamPolicy): Result<AllowList> {
  const names = new Set<string>();
  const ranges: (readonly [Address, number])[] = [];
  for (const entry of policy.allow) {
    const address = parseAddress(entry);
    if (entry.includes('/')) {
      if (!ipaddr.isValidCIDR(entry)) {
        return refuse(`UPSTREAM_ALLOW: "${entry}" is not a CIDR range such as 10.0.0.0/8`);
      }
      ranges.push(ipaddr.parseCIDR(entry));
    } else if (address !== undefined) {
      ranges.push([address, address.kind() === 'ipv4' ? 32 : 128]);
    } else {
      names.add(canonicalHost(entry));
    }
  }
  return accept({ strict: policy.mode === 'strict', names, ranges });
}

/** A host in the form in which hosts are compared: lower case, no brackets, no final dot. */
export function canonicalHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

/** An address in any notation that a resolver takes (dotted, decimal, hex, IPv6); else undefined. */
export function parseAddress(host: string): Address | undefined {
  const bare = canonicalHost(host).replace(/%.*$/, '');
  return ipaddr.isValid(bare) ? ipaddr.parse(bare) : undefined;
}

/**
 * Whether a host may be looked up at all. Names of metadata services never are, whatever they resolve to.
 */
export function judgeHost(host: string): Verdict {
  const name = canonicalHost(host);
  if (!METADATA_NAMES.has(name) && !name.endsWith('.metadata.google.internal')) return ALLOWED;
  return never(host, 'the name of a cloud metadata service');
}

/**
 * Whether `address`, which `host` is or resolves to, may be contacted under the policy. IPv4
 * addresses that are wrapped in IPv6 ones (mapped, NAT64, 6to4, Teredo, ISATAP) are judged too.
 */
export function judgeAddress(allow: AllowList, host: string, address: string): Verdict {
  const parsed = parseAddress(address);
  if (parsed === undefined) return never(address, 'not an IP address');
  const forms = [parsed, ...embedded(parsed)];
  for (const form of forms) {
    const fault = forbidden(form);
    if (fault !== undefined) return never(described(host, address), fault);
  }
  if (!allow.strict || allow.names.has(canonicalHost(host))) return ALLOWED;
  if (allow.ranges.some((range) => inRange(plain(parsed), range))) return ALLOWED;
  return notNamed(described(host, address));
}

/**
 * Whether a name may be contacted, as far as that is the same for every address that it may have. Where UPSTREAM_ALLOW has
 * ranges, a name that it does not have may lead into one of them.
 */
export function judgeName(allow: AllowList, host: string): Verdict {
  const byName = judgeHost(host);
  if (!byName.ok || !allow.strict || allow.ranges.length > 0) return byName;
  return allow.names.has(canonicalHost(host)) ? ALLOWED : notNamed(host);
}

/** Whether a name is this machine's own by definition (RFC 6761, section 6.3). */
export function isLocalhost(host: string): boolean {
  return /(?:^|\.)localhost$/.test(canonicalHost(host));
}

/** Whether two notations mean the same address. */
export function sameAddress(one: string, other: string): boolean {
  const [a, b] = [parseAddress(one), parseAddress(other)];
  return a !== undefined && b !== undefined && plain(a).toString() === plain(b).toString();
}

/** Whether an address is this machine's own by definition. */
export function isLoopback(address: string): boolean {
  const parsed = parseAddress(address);
  return (
    parsed !== undefined &&
    [parsed, ...embedded(parsed)].some((form) => form.range() === 'loopback')
  );
}

export function never(what: string, fault: string): Verdict {
  return {
    ok: false,
    reason: `${what} is refused: it is ${fault}, which no setting of UPSTREAM_POLICY or UPSTREAM_ALLOW permits`,
  };
}

function notNamed(what: string): Verdict {
  return {
    ok: false,
    reason: `${what} is refused: UPSTREAM_POLICY is "strict" and UPSTREAM_ALLOW names neither the host nor a range with the address; add one of them to UPSTREAM_ALLOW`,
  };
}

function described(host: string, address: string): string {
  return canonicalHost(host) === canonicalHost(address) ? address : `${host} (${address})`;
}

function forbidden(address: Address): string | undefined {
  if (METADATA_ADDRESSES.has(address.toString())) return 'the address of a cloud metadata service';
  const range = address.range();
  const fault = FORBIDDEN_RANGES[range];
  if (fault !== undefined) return fault;
  if (PRIVATE_RANGES.has(range)) return undefined;
  if (address.kind() === 'ipv4') return range === 'unicast' ? undefined : 'a reserved address';
  // A wrapped IPv4 address is judged by itself; other global unicast addresses begin with 001.
  if (embedded(address).length > 0) return undefined;
  const global = ((address as ipaddr.IPv6).parts[0] ?? 0) >> 13 === 1;
  return range === 'unicast' && global ? undefined : 'a reserved address';
}

/** IPv4 addresses that an IPv6 address stands for. */
function embedded(address: Address): ipaddr.IPv4[] {
  if (address.kind() === 'ipv4') return [];
  const bytes = address.toByteArray();
  const at = (start: number) => new ipaddr.IPv4(bytes.slice(start, start + 4));
  const starts = (...prefix: number[]) => prefix.every((byte, index) => bytes[index] === byte);
  const zeros = (from: number, to: number) => bytes.slice(from, to).every((byte) => byte === 0);
  // ::ffff:a.b.c.d, ::ffff:0:a.b.c.d (RFC 6145) and ::a.b.c.d (RFC 4291), but not :: and ::1
  if (zeros(0, 8) && (zeros(8, 10) || zeros(10, 12))) {
    const middle = bytes.slice(8, 12).join('.');
    if (middle === '0.0.255.255' || middle === '255.255.0.0') return [at(12)];
    if (middle === '0.0.0.0' && !zeros(12, 15)) return [at(12)];
  }
  // RFC 6052 and RFC 8215 (NAT64)
  if (starts(0x00, 0x64, 0xff, 0x9b)) return [at(12)];
  // RFC 3056 (6to4)
  if (starts(0x20, 0x02)) return [at(2)];
  // RFC 4380 (Teredo): the client's address is stored inverted
  if (starts(0x20, 0x01, 0x00, 0x00)) {
    return [at(4), new ipaddr.IPv4(bytes.slice(12).map((byte) => byte ^ 0xff))];
  }
  // RFC 5214 (ISATAP)
  if ((bytes[8] ?? 0) % 4 === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe) {
    return (bytes[8] ?? 0) <= 2 ? [at(12)] : [];
  }
  return [];
}

/** An IPv4-mapped address is the same destination as the IPv4 one. */
function plain(address: Address): Address {
  return ipaddr.process(address.toString());
}

function inRange(address: Address, [network, bits]: readonly [Address, number]): boolean {
  if (address.kind() !== network.kind()) return false;
  return (address as ipaddr.IPv6).match(network, bits);
}
