import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { nginxBin, startNginx, type NginxFiles } from './plain-nginx.js';

const run = promisify(execFile);
const MAX_OUTPUT = 64 << 20;

/** An nginx of one process whose instructions valgrind counts. */
export interface CountedNginx {
  /** Does the work and writes down what nginx did meanwhile. @returns the profile's file */
  profile(work: () => Promise<void>): Promise<string>;
  stop(): Promise<void>;
}

/** One function of a profile. */
export interface FunctionCount {
  readonly name: string;
  readonly instructions: number;
}

/** @throws Error that says what to install */
export async function requireValgrind(): Promise<void> {
  try {
    await run('valgrind', ['--version']);
  } catch (cause) {
    throw new Error('valgrind is needed; install it with: apt-get install valgrind', { cause });
  }
}

/** Starts nginx as one process below callgrind, which makes it some fifty times slower. */
export async function startCountedNginx(
  files: NginxFiles,
  profiles: string,
): Promise<CountedNginx> {
  const valgrind = ['--tool=callgrind', `--callgrind-out-file=${profiles}`];
  const directives = 'daemon off; master_process off;';
  const nginx = await startNginx(['valgrind', ...valgrind, nginxBin(), '-g', directives], files);
  let dumps = 0;
  /** Writes what was counted since the last time, and counts from zero. */
  const dump = async () => {
    await run('callgrind_control', ['--dump', String(nginx.pid)]);
    dumps += 1;
    const file = `${profiles}.${dumps}`;
    if (!existsSync(file)) throw new Error(`callgrind did not write ${path.basename(file)}`);
    return file;
  };
  return {
    async profile(work) {
      await dump();
      await work();
      return dump();
    },
    stop: () => nginx.stop(),
  };
}

/** All instructions of a profile. */
export function totalOf(profile: string): number {
  const total = /^totals: (\d+)$/m.exec(readFileSync(profile, 'utf8'))?.[1];
  if (total === undefined) throw new Error(`${profile} has no total`);
  return Number(total);
}

/**
 * The functions with the most instructions: their own, or with those that they called. What lies below all of them on
 * the stack says nothing and is left out; callgrind adds recursive calls up twice and marks them with `'2`.
 */
export async function topFunctions(
  profile: string,
  kind: 'self' | 'inclusive',
  count: number,
): Promise<FunctionCount[]> {
  const total = totalOf(profile);
  const { stdout } = await run(
    'callgrind_annotate',
    ['--auto=no', '--threshold=100', `--inclusive=${kind === 'inclusive' ? 'yes' : 'no'}`, profile],
    { maxBuffer: MAX_OUTPUT },
  );
  return [...stdout.matchAll(/^ *([\d,]+) \( *[\d.]+%\) {2}(\S.*)$/gm)]
    .map(([, instructions = '', name = '']) => ({
      name: name.replace(/^\S*?:(?=\S)/, ''),
      instructions: Number(instructions.replaceAll(',', '')),
    }))
    .filter(({ instructions }) => instructions !== total)
    .slice(0, count);
}
