import type { SecureContext } from 'node:tls';
import { isFields, textIn, fieldsIn, type Fields } from '../catalog/import/read-json.js';
import type { RegistryUrl } from '../catalog/import/registry-url.js';
import { underDeadline } from './deadline.js';
import { openChannel, type Fetch } from './outbound-channel.js';
import type { OutboundGuard } from './outbound-guard.js';
import { pullFailed, refusedAnswer, registryFault } from './registry-fault.js';

interface RegistryQuery {
  readonly url: RegistryUrl;
  /** ISO 8601: only what changed since then. */
  readonly updatedSince?: string | undefined;
  /** A part of the names. */
  readonly search?: string | undefined;
  /** Whether servers are wanted that were deleted; with `updatedSince` registries tell of them anyway. */
  readonly withDeleted: boolean;
}

/**
 * Reads the whole list of a registry that speaks the MCP registry API v0.1, or nothing of it.
 * @returns entries as the registry sends them
 * @throws RegistryError `registry-pull-failed`, `upstream-refused-by-policy`
 */
export type ReadRegistry = (
  query: RegistryQuery,
  signal: AbortSignal,
) => Promise<readonly Fields[]>;

/** What another registry may cost. */
export interface RegistryReaderLimits {
  readonly pageMs: number;
  readonly totalMs: number;
  /** Decoded bytes of all pages together. */
  readonly bytes: number;
  readonly pages: number;
  readonly entries: number;
}

const LIMITS: RegistryReaderLimits = {
  pageMs: 15_000,
  totalMs: 90_000,
  bytes: 32 * 1024 * 1024,
  pages: 500,
  entries: 5000,
};
/** As many as the official registry gives at once. */
const PAGE_SIZE = 100;
const MAX_CURSOR = 2000;

export function createRegistryReader(deps: {
  readonly guard: OutboundGuard;
  readonly systemTrust?: SecureContext | undefined;
  readonly limits?: Partial<RegistryReaderLimits>;
}): ReadRegistry {
  const limits = { ...LIMITS, ...deps.limits };
  return async (query, outer) => {
    const channel = openChannel(deps.guard, {
      tls: { verify: true },
      systemTrust: deps.systemTrust,
      connectTimeoutMs: limits.pageMs,
      maxBytes: limits.bytes,
    });
    try {
      return await underDeadline(limits.totalMs, outer, (signal) =>
        readPages(query, { fetch: channel.fetch, limits, signal }),
      );
    } finally {
      await channel.close();
    }
  };
}

interface Reading {
  readonly fetch: Fetch;
  readonly limits: RegistryReaderLimits;
  readonly signal: AbortSignal;
}

async function readPages(query: RegistryQuery, reading: Reading): Promise<readonly Fields[]> {
  const { limits } = reading;
  const servers: Fields[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await readPage(pageUrl(query, cursor), query.url, reading);
    servers.push(...page.servers);
    cursor = page.nextCursor;
    if (cursor !== undefined && cursors.has(cursor)) {
      throw pullFailed(query.url, 'gives a cursor for the second time: its list would never end');
    }
    if (cursor !== undefined) cursors.add(cursor);
    if (servers.length > limits.entries || cursors.size >= limits.pages) {
      throw pullFailed(
        query.url,
        `lists more than ${limits.entries} servers or ${limits.pages} pages; pull a part of them by "search"`,
      );
    }
  } while (cursor !== undefined);
  return servers;
}

function pageUrl(query: RegistryQuery, cursor: string | undefined): string {
  const { url, updatedSince, search, withDeleted } = query;
  const parameters = new URLSearchParams({
    limit: String(PAGE_SIZE),
    version: 'latest',
    ...(search !== undefined && { search }),
    ...(updatedSince !== undefined && { updated_since: updatedSince }),
    ...(withDeleted && { include_deleted: 'true' }),
    ...(cursor !== undefined && { cursor }),
  });
  return `${url}/v0.1/servers?${parameters.toString()}`;
}

async function readPage(url: string, registry: RegistryUrl, reading: Reading) {
  const { fetch, limits, signal: outer } = reading;
  return underDeadline(limits.pageMs, outer, async (signal) => {
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(url, { headers: { accept: 'application/json' }, signal });
      text = answer.status === 200 ? await answer.text() : '';
    } catch (thrown) {
      throw registryFault(registry, signal.aborted ? signal.reason : thrown);
    }
    if (answer.status !== 200) throw refusedAnswer(registry, answer);
    return pageIn(text, registry);
  });
}

function pageIn(text: string, registry: RegistryUrl) {
  const page = parsed(text);
  const servers: unknown = isFields(page) ? page.servers : undefined;
  if (!isFields(page) || !Array.isArray(servers) || !servers.every(isFields)) {
    throw pullFailed(
      registry,
      'does not answer with a list of servers (an object with "servers"). See whether the URL is that of a registry',
    );
  }
  const metadata = fieldsIn(page, 'metadata') ?? {};
  const nextCursor = textIn(metadata, 'nextCursor', 'next_cursor');
  if (nextCursor !== undefined && nextCursor.length > MAX_CURSOR) {
    throw pullFailed(registry, `gives a cursor of more than ${MAX_CURSOR} characters`);
  }
  return { servers, nextCursor };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
