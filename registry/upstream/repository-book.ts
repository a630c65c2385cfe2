import {
  gitHubRepository,
  type GitHubRepository,
  type RepositoryFinding,
} from '../catalog/repository.js';
import type { Server } from '../catalog/server.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { RepositoryRecord, RepositoryStore } from '../store/store.js';
import type { ReadGitHub } from './github-reader.js';

type Servers = ReadonlyMap<unknown, Pick<Server, 'repository'>>;

/** Knows of the repositories of servers what GitHub tells, and renews it daily. */
export interface RepositoryBook {
  /** @param url of a server's repository */
  get(url: string): RepositoryFinding | undefined;
  /** Loads what was saved, and looks at what is new or old. */
  start(servers: Servers): Promise<void>;
  /** Takes note of a changed catalog. */
  watch(servers: Servers): void;
  /** Resolves when nothing is left that could be looked at now. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** What failed is tried again sooner. */
const HOUR_MS = 3_600_000;
const LOOK_MS = 60_000;

export function createRepositoryBook(deps: {
  readonly readGitHub: ReadGitHub;
  readonly saved: RepositoryStore;
  readonly clock: () => Date;
  readonly log: Log;
}): RepositoryBook {
  const { readGitHub, saved, clock, log } = deps;
  const stopping = new AbortController();
  const records = new Map<string, RepositoryRecord>();
  let wanted = new Map<string, GitHubRepository>();
  /** Before, GitHub would be asked for what is only not read yet, and the answers would replace what was saved. */
  let isLoaded = false;
  let pausedUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> | undefined;

  const nextDue = () => {
    const now = clock().getTime();
    if (stopping.signal.aborted || now < pausedUntil) return undefined;
    return [...wanted].find(([key]) => isDue(records.get(key), now));
  };
  const look = async (key: string, repository: GitHubRepository) => {
    const before = records.get(key);
    const answer = await readGitHub(repository, before?.etag, stopping.signal);
    if (stopping.signal.aborted) return;
    if (answer.pauseUntil !== undefined || answer.kind === 'limited') {
      const now = clock().getTime();
      pausedUntil = Math.max(answer.pauseUntil ?? now + HOUR_MS, now + LOOK_MS);
      log.info('GitHub wants to be left alone.', { until: new Date(pausedUntil).toISOString() });
    }
    if (answer.kind === 'limited') return;
    const checkedAt = clock().toISOString();
    const { facts, etag } = answer.kind === 'found' ? answer : (before ?? {});
    const problem = answer.kind === 'failed' && { problem: answer.problem };
    records.set(key, { ...(facts && { facts }), ...(etag && { etag }), ...problem, checkedAt });
    for (const known of records.keys()) if (!wanted.has(known)) records.delete(known);
    await saved.save(records);
  };
  const run = async () => {
    // Not within `begin`, which notes that there is work only after this has been called.
    await Promise.resolve();
    try {
      for (let next = nextDue(); next !== undefined; next = nextDue()) await look(...next);
    } catch (thrown) {
      log.warn('What is known of repositories could not be saved.', { reason: messageOf(thrown) });
    } finally {
      // In the same step as the last look: what came in between would wait for the timer.
      work = undefined;
    }
  };
  const begin = () => {
    if (isLoaded) work ??= run();
  };
  const watch = (servers: Servers) => {
    wanted = wantedOf(servers);
    begin();
  };
  return {
    get: (url) => {
      const repository = gitHubRepository(url);
      const record = repository && records.get(keyOf(repository));
      return record && findingOf(record);
    },
    start: async (servers) => {
      watch(servers);
      for (const [key, record] of await saved.load()) records.set(key, record);
      if (stopping.signal.aborted) return;
      isLoaded = true;
      begin();
      timer = setInterval(begin, LOOK_MS).unref();
    },
    watch,
    settled: async () => {
      while (work !== undefined) await work;
    },
    stop: async () => {
      stopping.abort();
      clearInterval(timer);
      await work;
    },
  };
}

function wantedOf(servers: Servers): Map<string, GitHubRepository> {
  return new Map(
    [...servers.values()].flatMap(({ repository }): [string, GitHubRepository][] => {
      const found = gitHubRepository(repository);
      return found === undefined ? [] : [[keyOf(found), found]];
    }),
  );
}

function findingOf({ facts, checkedAt, problem }: RepositoryRecord): RepositoryFinding {
  return { ...(facts && { facts }), checkedAt, ...(problem !== undefined && { problem }) };
}

/** GitHub does not tell upper from lower case. */
function keyOf({ owner, name }: GitHubRepository): string {
  return `${owner}/${name}`.toLowerCase();
}

function isDue(record: RepositoryRecord | undefined, now: number): boolean {
  if (record === undefined) return true;
  const after = record.problem === undefined ? DAY_MS : HOUR_MS;
  // The clock may have been ahead when that was noted.
  return Math.abs(now - Date.parse(record.checkedAt)) >= after;
}
