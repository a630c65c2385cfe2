import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readConfig } from '../../registry/config/read-config.js';

const START_DEADLINE_MS = 60_000;

/** An nginx with a configuration of our own, and nothing of the gateway in it. */
export interface PlainNginx {
  /** Of the master. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** Where an nginx keeps what. */
export interface NginxFiles {
  /** Its prefix; holds `logs`. */
  readonly folder: string;
  readonly configFile: string;
  readonly pidFile: string;
}

/** Where nginx is on this machine. */
export function nginxBin(): string {
  return readConfig({}).nginx.bin;
}

/** Starts nginx in `folder`; resolves when it listens. @throws Error with what nginx says */
export function startPlainNginx(folder: string, config: string): Promise<PlainNginx> {
  return startNginx([nginxBin(), '-g', 'daemon off;'], writePlainConfig(folder, config));
}

/** Makes the folder of an nginx, for `startNginx`. */
export function writePlainConfig(folder: string, config: string): NginxFiles {
  for (const name of ['logs', 'tmp']) mkdirSync(path.join(folder, name), { recursive: true });
  const configFile = path.join(folder, 'nginx.conf');
  writeFileSync(configFile, config);
  return { folder, configFile, pidFile: path.join(folder, 'nginx.pid') };
}

/** Runs nginx by a command that may put another program below it. @throws Error with what nginx says */
export async function startNginx(
  [program, ...own]: readonly [string, ...string[]],
  { folder, configFile, pidFile }: NginxFiles,
): Promise<PlainNginx> {
  const log = path.join(folder, 'logs', 'startup.log');
  const output = openSync(log, 'a');
  const args = [...own, '-p', folder, '-c', configFile, '-e', log];
  const child = spawn(program, args, { stdio: ['ignore', output, output] });
  closeSync(output);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  if (!(await isUp(child, pidFile))) {
    throw new Error(`nginx did not start: ${readFileSync(log, 'utf8')}`);
  }
  return {
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** nginx writes its pid once it holds its port. */
async function isUp(child: ChildProcess, pidFile: string): Promise<boolean> {
  for (let waited = 0; waited < START_DEADLINE_MS && child.exitCode === null; waited += 10) {
    try {
      if (readFileSync(pidFile, 'utf8').trim() === String(child.pid)) return true;
    } catch {
      // Not written yet.
    }
    await delay(10);
  }
  return false;
}

/** At the top of every configuration of the bench. */
export const TOP_LEVEL = `
pid nginx.pid;
error_log logs/error.log warn;
events { worker_connections 16384; }
`;

/** In its http block. */
export const TEMPORARY_PATHS = `
    client_body_temp_path tmp/body; proxy_temp_path tmp/proxy; fastcgi_temp_path tmp/fastcgi;
    uwsgi_temp_path tmp/uwsgi; scgi_temp_path tmp/scgi;
`;

/** What somebody writes by hand to pass one MCP server on. */
export function proxyConfig(port: number, upstreamPort: number, logged: boolean): string {
  return `worker_processes auto;${TOP_LEVEL}
http {${TEMPORARY_PATHS}
    access_log ${logged ? 'logs/access.log' : 'off'};
    keepalive_requests 10000;
    upstream bench {
        server 127.0.0.1:${upstreamPort};
        keepalive 32;
    }
    server {
        listen 127.0.0.1:${port};
        location /bench/mcp {
            proxy_pass http://bench/mcp;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering off;
        }
    }
}`;
}
