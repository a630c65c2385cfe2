import { messageOf } from '../errors.js';
import { withDeadline } from './deadline.js';
import { OutboundRefusal, type Lookup, type OutboundGuard } from './outbound-guard.js';

export type ConnectTest = (address: string, port: number) => Promise<boolean>;

export interface LookupDeps {
  readonly guard: OutboundGuard;
  readonly lookup: Lookup;
  readonly connectTest: ConnectTest;
}

export type AddressFinding =
  | { readonly kind: 'found'; readonly address: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

const LOOKUP_TIMEOUT_MS = 3000;

/**
 * Chooses one address of a host: the current one while it is still an answer (a change of address is a
 * reload), else the first that accepts connections, IPv4 before IPv6. Never throws.
 */
export async function lookUpAddress(
  { host, port, current }: { host: string; port: number; current: string | undefined },
  { guard, lookup, connectTest }: LookupDeps,
): Promise<AddressFinding> {
  try {
    const found = await withDeadline(lookup(host), LOOKUP_TIMEOUT_MS);
    const open = guard.permit(host, port, found);
    const [first] = open;
    if (first === undefined) throw new Error('the answer is empty');
    if (current !== undefined && open.includes(current)) return { kind: 'found', address: current };
    return { kind: 'found', address: await firstThatAnswers(open, port, connectTest, first) };
  } catch (error) {
    if (error instanceof OutboundRefusal) return { kind: 'refused', reason: error.message };
    const { code } = error as NodeJS.ErrnoException;
    const seen = code === 'ENOTFOUND' ? 'there is no such name' : messageOf(error);
    return { kind: 'failed', reason: `The host name ${host} does not resolve: ${seen}.` };
  }
}

async function firstThatAnswers(
  addresses: readonly string[],
  port: number,
  connectTest: ConnectTest,
  otherwise: string,
): Promise<string> {
  if (addresses.length === 1) return otherwise;
  for (const address of addresses) if (await connectTest(address, port)) return address;
  return otherwise;
}
