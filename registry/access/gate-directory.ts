import pLimit from 'p-limit';
import {
  access,
  chmod,
  chown,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
} from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../errors.js';

/** Where gate records lie, and who may read them besides us. */
export interface GateLocation {
  readonly path: string;
  /** Id of the group of nginx's workers, when they have an account of their own. */
  readonly group?: number;
}

/** The files that nginx reads. Not for calls at the same time, but for those to different records. */
export interface GateDirectory {
  readonly path: string;
  /** Creates the directory or takes over the one that is there. @throws Error when it is not ours alone */
  claim(): Promise<void>;
  /**
   * Claims the directory and takes the mark `ready` away: until it is back, nginx asks callers whom it does not know
   * to wait.
   * @returns what the mark said, if there was one
   */
  begin(): Promise<string | undefined>;
  /** Sets the mark. It says whatever is of use at the next `begin`. */
  setReady(text: string): Promise<void>;
  /** Whether the mark is there: not when somebody emptied or removed the directory. */
  isReady(): Promise<boolean>;
  /** All records by the SHA-256 of their token, as they lie there. */
  read(): Promise<ReadonlyMap<string, string>>;
  /** Puts a record in place as a whole. */
  write(sha256: string, text: string): Promise<void>;
  /** A record that is not there is no fault. */
  remove(sha256: string): Promise<void>;
  /** Removes the directory with all that is in it; only when nginx has ended. */
  discard(): Promise<void>;
}

const READY = 'ready';
/** What nginx shows when it asks the registry about a token. */
const KEY = 'key';
/** Kept beside the records for nginx: what proves to upstreams who calls. */
const UPSTREAM = 'upstream';
const RECORD = /^[0-9a-f]{64}$/;
const TEMPORARY = /^\.(?:[0-9a-f]{64}|ready|key)\.\d+\.tmp$/;
/** As many as libuv serves at once in production; more only wait in memory. */
const READS_AT_ONCE = 32;

/**
 * The gate directory at its place. Nothing is touched before `claim`.
 * @param learnKey what nginx shows when it asks the registry about a token; absent: it never does
 */
export function createGateDirectory(location: GateLocation, learnKey?: string): GateDirectory {
  const directory = location.path;
  const fileMode = location.group === undefined ? 0o600 : 0o640;
  let count = 0;

  /** Nothing is synced to disk: after a crash of the machine the directory is made anew. */
  const put = async (name: string, text: string) => {
    count += 1;
    const temporary = path.join(directory, `.${name}.${count}.tmp`);
    try {
      const handle = await open(temporary, 'w', fileMode);
      try {
        // The umask may have taken the group's right away.
        if (location.group !== undefined) await handle.chmod(fileMode);
        await handle.writeFile(text);
      } finally {
        await handle.close();
      }
      await rename(temporary, path.join(directory, name));
    } catch (thrown) {
      // The first fault is the one to report; what is left over goes at the next start.
      await rm(temporary, { force: true }).catch(() => undefined);
      throw thrown;
    }
  };
  const remove = (name: string) => rm(path.join(directory, name), { force: true });

  return {
    path: directory,
    claim: () => takeOver(location),
    async begin() {
      await takeOver(location);
      const names = await readdir(directory);
      const said = names.includes(READY)
        ? await readFile(path.join(directory, READY), 'utf8')
        : undefined;
      await remove(READY);
      for (const name of names) if (TEMPORARY.test(name)) await remove(name);
      if (learnKey !== undefined) await put(KEY, learnKey);
      return said;
    },
    setReady: (text) => put(READY, text),
    isReady: () =>
      access(path.join(directory, READY)).then(
        () => true,
        () => false,
      ),
    async read() {
      const limit = pLimit(READS_AT_ONCE);
      const names = (await readdir(directory)).filter((name) => RECORD.test(name));
      const entries = await Promise.all(
        names.map((name) =>
          limit(async () => [name, await readFile(path.join(directory, name), 'utf8')] as const),
        ),
      );
      return new Map(entries);
    },
    write: put,
    remove,
    discard: () => rm(directory, { recursive: true, force: true }),
  };
}

/**
 * Makes the directory, or checks that it is a real one of our own, and gives it its mode. In /dev/shm anybody could
 * have put something else under the name.
 */
async function takeOver({ path: directory, group }: GateLocation): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((thrown: unknown) => {
    throw unusable(directory, messageOf(thrown));
  });
  const found = await lstat(directory);
  if (!found.isDirectory()) throw unusable(directory, 'it is a link or a file');
  if (found.uid !== process.getuid?.()) throw unusable(directory, 'it belongs to somebody else');
  // Workers open records by name and have no need to list them. What is created inside gets the group by itself.
  const mode = group === undefined ? 0o700 : 0o2710;
  if ((found.mode & 0o7777) === mode && found.gid === (group ?? found.gid)) return;
  const foreign = (await readdir(directory)).find((name) => !isOurs(name));
  if (foreign !== undefined) {
    throw unusable(directory, `it holds other things as well, such as ${foreign}`);
  }
  if (group !== undefined) await chown(directory, found.uid, group);
  await chmod(directory, mode);
}

function isOurs(name: string): boolean {
  return (
    name === READY || name === KEY || name === UPSTREAM || RECORD.test(name) || TEMPORARY.test(name)
  );
}

function unusable(directory: string, reason: string): Error {
  return new Error(
    `gate records cannot be kept in ${directory}: ${reason}. Set GATE_DIR to a folder of the registry's own`,
  );
}
