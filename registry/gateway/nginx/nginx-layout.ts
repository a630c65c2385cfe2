import { mkdirSync } from 'node:fs';
import path from 'node:path';

/** Where nginx keeps what below the data directory. Nothing in /etc/nginx is touched. */
export interface NginxLayout {
  readonly prefix: string;
  readonly generations: string;
  /** Link to the generation that nginx reads. */
  readonly current: string;
  readonly configFile: string;
  readonly pidFile: string;
  /** Holds an empty file for each generation that another one has taken over from. */
  readonly retired: string;
  /** Copies of certificates and their keys. */
  readonly certificates: string;
  readonly errorLog: string;
  /** What nginx says before it has read its configuration. */
  readonly startupLog: string;
}

export function nginxLayout(dataDir: string, pidFile?: string): NginxLayout {
  const prefix = path.join(dataDir, 'nginx');
  const current = path.join(prefix, 'current');
  return {
    prefix,
    generations: path.join(prefix, 'generations'),
    current,
    configFile: path.join(current, 'nginx.conf'),
    pidFile: pidFile ?? path.join(prefix, 'run', 'nginx.pid'),
    retired: path.join(prefix, 'run', 'retired'),
    certificates: path.join(prefix, 'tls'),
    errorLog: path.join(prefix, 'logs', 'error.log'),
    startupLog: path.join(prefix, 'logs', 'startup.log'),
  };
}

/** Makes the folders that nginx writes to. */
export function makeNginxFolders(layout: NginxLayout): void {
  for (const name of ['run', 'run/retired', 'logs', 'tmp', 'generations']) {
    mkdirSync(path.join(layout.prefix, name), { recursive: true, mode: 0o755 });
  }
}
