import type { RegistryProcess } from '../fixtures/registry-process.js';
import { percentile } from './statistics.js';
import { fillers } from './catalog-file.js';
import { productOf } from './scale-catalog.js';

/** Requests of one kind, one after the other. Milliseconds until the whole answer is there. */
export interface RequestTimes {
  readonly kind: string;
  readonly p50: number;
  readonly p95: number;
  /** Of the last answer. */
  readonly kilobytes: number;
}

/** A list from its first page to its last one. */
export interface WholeList {
  readonly kind: string;
  readonly requests: number;
  readonly ms: number;
}

/** By what they ask for, each time with another number. */
const KINDS: readonly (readonly [string, (at: number, servers: number) => string])[] = [
  ['servers, 100', () => '/api/servers'],
  ['servers, 1,000 as the console asks', () => '/api/servers?limit=1000'],
  ['servers with words', (at, servers) => `/api/servers?query=server-${at % servers}`],
  ['servers with issues', () => '/api/servers?status=issues'],
  ['one server', (at, servers) => `/api/servers${pathOf(at % servers)}`],
  ['tools of one server', (at, servers) => `/api/servers${pathOf(at % servers)}/tools`],
  ['tools, 200 as the console asks', () => '/api/tools?limit=200'],
  ['tools with words', (at) => `/api/tools?query=${words(at).join('%20')}`],
  ['search: a rare word', (at, servers) => `/api/search/tools?q=${productOf(at % servers)}`],
  ['search: a question', (at) => `/api/search/tools?q=${question(at)}`],
];

const LISTS: readonly (readonly [string, string])[] = [
  ['servers', '/api/servers?limit=1000'],
  ['tools', '/api/tools?limit=1000'],
];

const VERBS = 'find make erase sell compare list'.split(' ');
const OBJECTS = 'invoice incident employee forecast dataset'.split(' ');

function words(at: number): string[] {
  return [VERBS[at % VERBS.length] ?? '', OBJECTS[at % OBJECTS.length] ?? ''];
}

function question(at: number): string {
  const [verb, object] = words(at);
  return encodeURIComponent(`how do I ${verb} the ${object} of a project in our region`);
}

function pathOf(server: number): string {
  return fillers(server + 1).at(-1)?.path ?? '';
}

/** Asks a registry with so many servers of a scale catalog. */
export async function measureRequests(
  registry: RegistryProcess,
  servers: number,
  count: number,
): Promise<{ readonly requests: readonly RequestTimes[]; readonly lists: readonly WholeList[] }> {
  const requests: RequestTimes[] = [];
  for (const [kind, target] of KINDS) {
    const targets = Array.from({ length: count }, (_, at) => target(at * 7, servers));
    requests.push({ kind, ...(await timeAll(registry, targets)) });
  }
  const lists: WholeList[] = [];
  for (const [kind, first] of LISTS) lists.push({ kind, ...(await readWhole(registry, first)) });
  return { requests, lists };
}

async function timeAll(
  registry: RegistryProcess,
  targets: readonly string[],
): Promise<Omit<RequestTimes, 'kind'>> {
  const times: number[] = [];
  let bytes = 0;
  for (const target of targets) {
    const begin = performance.now();
    bytes = (await read(registry, target)).length;
    times.push(performance.now() - begin);
  }
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95), kilobytes: bytes / 1000 };
}

async function readWhole(
  registry: RegistryProcess,
  first: string,
): Promise<Omit<WholeList, 'kind'>> {
  const begin = performance.now();
  let requests = 0;
  let cursor: string | undefined;
  do {
    const target: string = cursor === undefined ? first : `${first}&cursor=${cursor}`;
    const page = JSON.parse(await read(registry, target)) as { readonly nextCursor?: string };
    cursor = page.nextCursor;
    requests += 1;
  } while (cursor !== undefined);
  return { requests, ms: performance.now() - begin };
}

async function read(registry: RegistryProcess, target: string): Promise<string> {
  const answer = await registry.api(target);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${target}: ${text}`);
  return text;
}
