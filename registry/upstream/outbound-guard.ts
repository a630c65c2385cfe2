import { promises as dns } from 'node:dns';
import { networkInterfaces } from 'node:os';
import {
  canonicalHost,
  isLocalhost,
  isLoopback,
  judgeAddress,
  judgeHost,
  judgeName,
  never,
  parseAddress,
  parseAllowList,
  sameAddress,
  type UpstreamPolicy,
  type Verdict,
} from './address-policy.js';

/** All addresses of a host, as the system resolves it (including /etc/hosts). */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** Thrown instead of contacting something that the outbound policy forbids. */
export class OutboundRefusal extends Error {
  override readonly name = 'OutboundRefusal';
}

/** Decides which hosts and addresses the registry, and nginx on its behalf, may contact. */
export interface OutboundGuard {
  /** Judges what can be judged of a URL without a lookup: its host name or its literal address, and the port. */
  readonly judgeUrl: (url: string) => Verdict;
  /** Judges one address that `host` is or resolves to. */
  judge(host: string, port: number, address: string): Verdict;
  /**
   * Those of a host's addresses that may be contacted, IPv4 first.
   * @throws OutboundRefusal when none of them may
   */
  permit(host: string, port: number, addresses: readonly string[]): readonly string[];
  /**
   * Looks a host up and gives the addresses that may be contacted, IPv4 first.
   * @throws OutboundRefusal when none of them may; the lookup's own error when there is none
   */
  resolve(host: string, port: number): Promise<readonly string[]>;
}

export interface OutboundGuardDeps {
  readonly policy: UpstreamPolicy;
  /** Ports on which this machine serves the registry and the gateway. */
  readonly ownPorts: readonly number[];
  readonly lookup?: Lookup;
  readonly machineAddresses?: () => readonly string[];
}

/** @throws Error when `policy.allow` cannot be read; the message names UPSTREAM_ALLOW */
export function createOutboundGuard({
  policy,
  ownPorts,
  lookup = systemLookup,
  machineAddresses = interfaceAddresses,
}: OutboundGuardDeps): OutboundGuard {
  const parsed = parseAllowList(policy);
  if (!parsed.ok) throw new Error(parsed.problem);
  const allow = parsed.value;

  const isThisMachine = (address: string) =>
    isLoopback(address) || machineAddresses().some((own) => sameAddress(own, address));

  const judge = (host: string, port: number, address: string): Verdict => {
    const byName = judgeHost(host);
    if (!byName.ok) return byName;
    const byAddress = judgeAddress(allow, host, address);
    if (!byAddress.ok) return byAddress;
    return ownPorts.includes(port) && isThisMachine(address) ? ownPort(host, port) : byAddress;
  };

  const permit = (host: string, port: number, addresses: readonly string[]) => {
    const byName = judgeHost(host);
    if (!byName.ok) throw new OutboundRefusal(byName.reason);
    const open: string[] = [];
    let reason = '';
    for (const address of addresses) {
      const verdict = judge(host, port, address);
      if (verdict.ok) open.push(address);
      else reason ||= verdict.reason;
    }
    if (open.length === 0 && reason !== '') throw new OutboundRefusal(reason);
    return open.sort((one, other) => Number(one.includes(':')) - Number(other.includes(':')));
  };

  return {
    judge,
    permit,
    judgeUrl(url) {
      const { hostname, protocol, port } = new URL(url);
      const host = canonicalHost(hostname);
      const at = portOf(protocol, port);
      if (parseAddress(host) !== undefined) return judge(host, at, host);
      return isLocalhost(host) && ownPorts.includes(at)
        ? ownPort(host, at)
        : judgeName(allow, host);
    },
    async resolve(host, port) {
      const literal = parseAddress(host);
      if (literal !== undefined) return permit(host, port, [literal.toString()]);
      permit(host, port, []); // A metadata name is not even looked up.
      const open = permit(host, port, await lookup(host));
      if (open.length === 0) throw notFound(host);
      return open;
    },
  };
}

function ownPort(host: string, port: number): Verdict {
  return never(`${host}:${port}`, "the registry's or the gateway's own port");
}

/** The port that a URL means. */
export function portOf(protocol: string, port: string): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** `getaddrinfo`, so that /etc/hosts and the container's resolver count. */
export async function systemLookup(host: string): Promise<readonly string[]> {
  const found = await dns.lookup(host, { all: true });
  return found.map(({ address }) => address);
}

function interfaceAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
}

function notFound(host: string): Error {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
}
