import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { nginxEnvironment } from './nginx-environment.js';
import type { NginxLayout } from './nginx-layout.js';
import type { ConfigTest } from './nginx-runtime.js';

const TEST_TIMEOUT_MS = 60_000;

interface Finished {
  readonly failed: boolean;
  readonly stderr: string;
}

function run(bin: string, args: readonly string[]): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(
      bin,
      args,
      { timeout: TEST_TIMEOUT_MS, maxBuffer: 4 << 20, env: nginxEnvironment() },
      (error, _stdout, stderr) => {
        resolve({
          failed: error !== null,
          stderr: stderr.trim() === '' ? (error?.message ?? '') : stderr,
        });
      },
    );
  });
}

/** `nginx -t`: the only true parser. */
export async function testConfig(
  bin: string,
  layout: NginxLayout,
  configFile: string,
): Promise<ConfigTest> {
  const { failed, stderr } = await run(bin, [
    '-t',
    '-q',
    '-e',
    'stderr',
    '-p',
    layout.prefix,
    '-c',
    configFile,
  ]);
  return failed ? { ok: false, message: lastComplaint(stderr) } : { ok: true };
}

/** Version as nginx prints it, e.g. `1.22.1`. */
export async function readVersion(bin: string): Promise<string | undefined> {
  const { stderr } = await run(bin, ['-v']);
  return /nginx\/(\S+)/.exec(stderr)?.[1];
}

/** The line of nginx's output that says what is wrong. */
export function lastComplaint(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const complaint =
    lines.find((line) => /\[(?:emerg|alert|crit)\]/.test(line)) ?? lines.at(-1) ?? '';
  return complaint
    .replace(/^.*?\[(?:emerg|alert|crit)\]\s*/, '')
    .replace(/^\d+#\d+:\s*/, '')
    .trim();
}

/** Whether the program can be started at all. */
export function isInstalled(bin: string): boolean {
  return !bin.includes('/') || existsSync(bin);
}
