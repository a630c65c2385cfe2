import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nginxLayout } from '../../registry/gateway/nginx/nginx-layout.js';
import type { TestGateway } from '../fixtures/gateway.js';
import type { NginxFiles } from './plain-nginx.js';

const ACCESS_LOG = /^(\s*)access_log logs\/.*;$/gm;

/**
 * Copies what the gateway's nginx reads, for a second nginx at another port beside it: the same configuration with the
 * same gate records.
 */
export function copyGatewayConfig(gateway: TestGateway, folder: string, port: number): NginxFiles {
  for (const name of ['logs', 'tmp', 'run'])
    mkdirSync(path.join(folder, name), { recursive: true });
  const config = path.join(folder, 'conf');
  cpSync(nginxLayout(gateway.dataDir).current, config, { recursive: true, dereference: true });
  const generated = path.join(config, 'generated');
  const own = `:${new URL(gateway.url).port}`;
  for (const name of readdirSync(generated)) {
    const file = path.join(generated, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(own, `:${port}`));
  }
  const pidFile = path.join(folder, 'run', 'nginx.pid');
  return { folder, configFile: path.join(config, 'nginx.conf'), pidFile };
}

/** Has a copy of a gateway's nginx keep no access log. */
export function dropAccessLog({ configFile }: NginxFiles): void {
  const config = path.dirname(configFile);
  for (const name of ['snippets/http.conf', 'generated/site.conf']) {
    const file = path.join(config, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(ACCESS_LOG, '$1access_log off;'));
  }
}
