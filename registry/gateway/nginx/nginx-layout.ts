import { mkdirSync } from 'node:fs';
import path from 'node:path';

/** Where nginx keeps what below the data directory. Nothing in /etc/nginx is touched. */
export interface NginxLayout {
  readonly prefix: string;
  readonly generations: string;
  /** What is known of generations besides their files. */
  readonly journal: string;
  /** Link to the generation that nginx reads. */
  readonly current: string;
  readonly configFile: string;
  readonly pidFile: string;
  /** Holds an empty file for each generation that another one has taken over from. */
  readonly retired: string;
  /** Copies of certificates and their keys. */
  readonly certificates: string;
  readonly errorLog: string;
  /** A line for each request. */
  readonly accessLog: string;
  /** What nginx says before it has read its configuration. */
  readonly startupLog: string;
}

export function nginxLayout(dataDir: string, pidFile?: string): NginxLayout {
  const prefix = path.join(dataDir, 'nginx');
  const current = path.join(prefix, 'current');
  return {
    prefix,
    generations: path.join(prefix, 'generations'),
    journal: path.join(prefix, 'generations.json'),
    current,
    configFile: path.join(current, 'nginx.conf'),
    pidFile: pidFile ?? path.join(prefix, 'run', 'nginx.pid'),
    retired: path.join(prefix, 'run', 'retired'),
    certificates: path.join(prefix, 'tls'),
    errorLog: path.join(prefix, 'logs', 'error.log'),
    accessLog: path.join(prefix, 'logs', 'access.log'),
    startupLog: path.join(prefix, 'logs', 'startup.log'),
  };
}

/** Makes the folders that nginx writes to. */
export function makeNginxFolders(layout: NginxLayout): void {
  for (const name of ['run', 'run/retired', 'logs', 'tmp', 'generations']) {
    mkdirSync(path.join(layout.prefix, name), { recursive: true, mode: 0o755 });
  }
}
