import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  readFileSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { lookup } from 'node:dns/promises';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { GateLocation } from './access/gate-directory.js';
import type { Config } from './config/config.js';
import { instanceId } from './secrets.js';

/** Where distributions keep the bundle of trusted authorities. */
const CA_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/** More than thousands of streams need; each costs nginx some 250 bytes whether used or not. */
const MAX_WORKER_CONNECTIONS = 32_768;

const SHARED_MEMORY = '/dev/shm';
/** What statfs(2) says of tmpfs. */
const TMPFS = 0x01021994;
/** Each record takes a page of 4 KB; Docker's default of 64 MB would be full with 16,000. */
const MIN_TMPFS_BYTES = 128 * 1024 * 1024;

/** The folder that holds nginx/ and templates/: the project's own, or the one that it was built into. */
export function productRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'nginx', 'nginx.conf'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('nginx/nginx.conf is missing from the installation');
    folder = parent;
  }
  return folder;
}

/** Name and version of the product. */
export function productVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** The system's authorities, so that nginx and the registry trust the same; Node's own where there are none. */
export function trustBundle(dataDir: string): { readonly file: string; readonly pem: string } {
  const found = CA_BUNDLES.find((file) => existsSync(file));
  if (found !== undefined) return { file: found, pem: readFileSync(found, 'utf8') };
  const file = path.join(dataDir, 'authorities.pem');
  const pem = rootCertificates.join('\n');
  writeFileSync(file, pem, { mode: 0o644 });
  return { file, pem };
}

/** Where distributions keep modules of nginx. */
const MODULE_FOLDERS = ['/usr/lib/nginx/modules', '/usr/lib64/nginx/modules', '/etc/nginx/modules'];
const NJS_MODULE = 'ngx_http_js_module.so';

/** nginx's JavaScript module, with which the gate is built. @throws Error with what to do when there is none */
export function njsModule({ mode, modulesDir }: Config['nginx']): string {
  const folders = modulesDir === undefined ? MODULE_FOLDERS : [modulesDir];
  const files = folders.map((folder) => path.join(folder, NJS_MODULE));
  const found = files.find((file) => existsSync(file)) ?? (mode === 'none' ? files[0] : undefined);
  if (found !== undefined) return found;
  throw new Error(
    `nginx's JavaScript module ${NJS_MODULE} is not in ${folders.join(', ')}: install it (Debian and Ubuntu: apt-get install libnginx-mod-http-js), or set NGINX_MODULES_DIR to its folder`,
  );
}

/** As many as the limit of open files allows: a file for each, one more for a body that waits, logs and listeners. */
export function workerConnections(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1] ?? '1024';
  const files = hard === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(hard);
  return Math.max(512, Math.min(MAX_WORKER_CONNECTIONS, Math.floor((files - 64) / 2)));
}

/** Workers never run as root: started by root, they get an account without rights. */
export function workerAccount():
  { readonly user: string; readonly group: string; readonly groupId: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8');
  const groups = readFileSync('/etc/group', 'utf8');
  for (const user of ['www-data', 'nginx', 'nobody']) {
    const groupId = new RegExp(`^${user}:[^:]*:[^:]*:(\\d+):`, 'm').exec(accounts)?.[1];
    const group = groupId && new RegExp(`^([^:]+):[^:]*:${groupId}:`, 'm').exec(groups)?.[1];
    if (group !== undefined && group !== '') return { user, group, groupId: Number(groupId) };
  }
  return undefined;
}

/**
 * Lets workers with an account of their own pass through the data directory to the folders that are theirs.
 * What lies in it stays private by its own mode.
 */
export function letWorkersThrough(dataDir: string): void {
  chmodSync(dataDir, statSync(dataDir).mode | 0o011);
}

/**
 * Where gate records go, and which group has to read them. By default that is memory, a folder of this user and
 * installation, when there is room; else, and for an nginx that may live in another container, the data directory.
 */
export function gateDirectory(config: Pick<Config, 'dataDir' | 'gateDir' | 'nginx'>): GateLocation {
  const group = workerAccount()?.groupId;
  const kept = path.join(config.dataDir, 'gate');
  const inMemory = config.nginx.mode === 'external' ? undefined : memoryFolder(config.dataDir);
  return { path: config.gateDir ?? inMemory ?? kept, ...(group !== undefined && { group }) };
}

/** Undefined also when somebody else was there first: everybody may write to /dev/shm. */
function memoryFolder(dataDir: string): string | undefined {
  const uid = process.getuid?.() ?? 0;
  const folder = path.join(SHARED_MEMORY, `mcp-gateway-${uid}-${instanceId(dataDir)}`);
  try {
    const { type, blocks, bsize } = statfsSync(SHARED_MEMORY);
    if (type !== TMPFS || blocks * bsize < MIN_TMPFS_BYTES) return undefined;
    accessSync(SHARED_MEMORY, constants.W_OK | constants.X_OK);
  } catch {
    return undefined;
  }
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found === undefined || (found.isDirectory() && found.uid === uid) ? folder : undefined;
}

/** nginx and probes are given addresses; a listener may be configured by name. */
export async function listenAddress(host: string): Promise<string> {
  return (await lookup(host, { family: 0 })).address;
}

/** Where a listener on this address is reached from the same machine. */
export function connectAddress(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}
