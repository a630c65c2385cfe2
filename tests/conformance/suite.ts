import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';

/** Frozen, so that the same server gets the same verdict; it needs a newer Node than we do. */
const PACKAGES = ['node@24', '@modelcontextprotocol/conformance@0.2.0-alpha.12'];

export type Requirements = '2025-11-25' | '2026-07-28';

export interface Scenario {
  readonly passed: number;
  readonly failed: number;
  /** Whether the revision requires it; extensions and late additions run without counting. */
  readonly scored: boolean;
}

export type SuiteResult = ReadonlyMap<string, Scenario>;

/**
 * Runs the official conformance suite against the MCP endpoint `url`. Rejects when it does not come
 * to a summary within the deadline; scenarios that fail are part of the result.
 */
export async function runSuite(
  url: string,
  requirements: Requirements,
  deadlineMs: number,
): Promise<SuiteResult> {
  const args = ['-y', ...PACKAGES.flatMap((name) => ['-p', name]), 'conformance', 'server'];
  const output = await capture(
    'npx',
    [...args, '--url', url, '--requirements', requirements],
    deadlineMs,
  );
  const result = parseSummary(output);
  if (result.size === 0) throw new Error(`The suite gave no summary:\n${output.slice(-2000)}`);
  return result;
}

/** Reads the lines `✓ name: 3 passed, 0 failed` and the list of those that are not scored. */
export function parseSummary(output: string): SuiteResult {
  const summary = output.slice(output.lastIndexOf('=== SUMMARY ==='));
  const unscored = new Set<string>();
  for (const [, name = ''] of summary.matchAll(/^ {2}[✓✗] (\S+) \(/gm)) unscored.add(name);
  const scenarios = new Map<string, Scenario>();
  for (const [, name = '', passed, failed] of summary.matchAll(
    /^[✓✗] (\S+): (\d+) passed, (\d+) failed/gm,
  )) {
    scenarios.set(name, {
      passed: Number(passed),
      failed: Number(failed),
      scored: !unscored.has(name),
    });
  }
  return scenarios;
}

/** The standard output of a command and its children, all of which end at the deadline. */
function capture(command: string, args: readonly string[], deadlineMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: tmpdir(),
      // Our own .npmrc refuses packages made for a newer Node; the suite brings that Node along.
      env: { ...process.env, npm_config_engine_strict: 'false' },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      reject(new Error(`No end after ${deadlineMs / 1000} s:\n${(stdout + stderr).slice(-2000)}`));
    }, deadlineMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', () => {
      clearTimeout(timer);
      // Without a summary the reason is on the error output.
      resolve(stdout.includes('=== SUMMARY ===') ? stdout : stdout + stderr);
    });
  });
}
