import type { Config } from '../config/config.js';
import { createGenerationStore } from '../gateway/apply/generation-store.js';
import type { PlanSources } from '../gateway/apply/reconciler.js';
import { createCertificateFolder } from '../gateway/certificate/certificate-folder.js';
import { createCertificates } from '../gateway/certificate/certificates.js';
import { createGateway } from '../gateway/create-gateway.js';
import type { Gateway } from '../gateway/gateway.js';
import { loadRenderSources } from '../gateway/load-sources.js';
import { createExternalNginx } from '../gateway/nginx/external-nginx.js';
import { createManagedNginx } from '../gateway/nginx/managed-nginx.js';
import { nginxLayout } from '../gateway/nginx/nginx-layout.js';
import type { GatewaySettings } from '../gateway/plan/settings.js';
import { createRegistryOnly } from '../gateway/registry-only.js';
import { createRenderer } from '../gateway/render/render-config.js';
import type { Log } from '../log.js';
import { connectAddress } from '../machine.js';
import type { Trace } from '../trace.js';
import type { Store } from '../store/store.js';
import type { AddressBook } from '../upstream/address-book.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';

export function planSources(store: Store, monitor: UpstreamMonitor, addresses: AddressBook) {
  return (): PlanSources => ({
    catalog: store.state().catalog,
    revision: store.catalogs.revision(),
    endpoint: (server) => {
      const found = monitor.discovery(server.path);
      return found?.of === server.url ? found.endpoint : undefined;
    },
    resolution: (host, port) => addresses.get(host, port),
  });
}

export function buildGateway(
  config: Config,
  root: string,
  settings: GatewaySettings,
  sources: () => PlanSources,
  { log, trace }: { readonly log: Log; readonly trace: Trace },
): Gateway {
  const { mode, bin, pidFile } = config.nginx;
  const render = createRenderer(loadRenderSources(root));
  if (mode === 'none') return createRegistryOnly(settings, render, sources);
  const layout = nginxLayout(config.dataDir, pidFile);
  const certificates =
    settings.tls &&
    createCertificates({
      source: settings.tls,
      folder: createCertificateFolder(layout.certificates),
      clock: () => new Date(),
      log,
    });
  return createGateway({
    settings,
    render,
    sources,
    ...(certificates && { certificates }),
    log,
    trace,
    layout,
    store: createGenerationStore(layout),
    runtime:
      mode === 'managed' ? createManagedNginx(bin, layout, log) : createExternalNginx(bin, layout),
    target: { address: connectAddress(settings.listen.address), port: settings.listen.port },
  });
}
