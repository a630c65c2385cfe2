import type { Config } from '../config/config.js';
import { nginxLayout } from '../gateway/nginx/nginx-layout.js';
import type { GatewaySettings } from '../gateway/plan/settings.js';
import {
  connectAddress,
  gateDirectory,
  letWorkersThrough,
  listenAddress,
  njsModule,
  workerAccount,
  workerConnections,
} from '../machine.js';
import { instanceId } from '../secrets.js';

export async function gatewaySettings(
  config: Config,
  caBundleFile: string,
): Promise<GatewaySettings> {
  const account = workerAccount();
  if (account !== undefined) letWorkersThrough(config.dataDir);
  return {
    instance: instanceId(config.dataDir),
    listen: { address: await listenAddress(config.gateway.host), port: config.gateway.port },
    ...(config.gateway.tls && { tls: config.gateway.tls }),
    publicUrl: config.publicUrl,
    allowedHosts: config.allowedHosts,
    allowedOrigins: config.allowedOrigins,
    trustedProxies: config.trustedProxies,
    registry: {
      address: connectAddress(await listenAddress(config.registry.host)),
      port: config.registry.port,
    },
    drainSeconds: config.nginx.drainSeconds,
    workerConnections: workerConnections(),
    ...(account !== undefined && { workerAccount: account }),
    caBundleFile,
    njsModule: njsModule(config.nginx),
    gateFolder: gateDirectory(config).path,
    gateLearns: config.oidc !== undefined,
    readsBodies: config.usage.callDetail === 'tool',
    ...config.limits,
    retiredFolder: nginxLayout(config.dataDir).retired,
  };
}

export function ownPorts({ registry, gateway }: Config): number[] {
  return [registry.port, gateway.port, ...(gateway.tls === undefined ? [] : [gateway.tls.port])];
}

/** Where the registry reaches the gateway; with HTTPS the plain port may refuse calls. */
export function ownListener({ listen: { address, port }, tls }: GatewaySettings) {
  const at = connectAddress(address);
  return tls === undefined || tls.allowPlain
    ? ({ address: at, port, scheme: 'http' } as const)
    : ({ address: at, port: tls.port, scheme: 'https' } as const);
}
