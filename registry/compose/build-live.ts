import { ServerResponse, type IncomingMessage, type Server as HttpServer } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createAuthenticator, type Authenticator } from '../access/authenticator.js';
import type { Vault } from '../access/vault.js';
import type { Config } from '../config/config.js';
import type { Gateway } from '../gateway/gateway.js';
import type { SessionDeps } from '../http/session.js';
import { createUpgradeArrival } from '../http/upgrade-arrival.js';
import { createLiveChannel, type LiveChannel } from '../live/live-channel.js';
import type { LiveLimits } from '../live/live-limits.js';
import { createViewSource } from '../live/view-source.js';
import type { Log } from '../log.js';
import type { ReviewBook } from '../operations/tools/review-book.js';
import { createServerViewer } from '../operations/servers/server-viewer.js';
import type { SystemOperations } from '../operations/system/system-operations.js';
import type { Store } from '../store/store.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';
import type { RepositoryBook } from '../upstream/repository-book.js';

/** The channel that tells what changes. */
export function buildLive(
  config: Pick<Config, 'publicUrl' | 'allowedOrigins' | 'trustedProxies'>,
  parts: {
    readonly store: Store;
    readonly gateway: Gateway;
    readonly monitor: UpstreamMonitor;
    readonly vault: Pick<Vault, 'open'>;
    readonly reviews: ReviewBook;
    readonly repositories: Pick<RepositoryBook, 'get'>;
    readonly system: SystemOperations;
    readonly sessionStore: SessionDeps['sessionStore'];
    readonly authenticator: Authenticator;
    readonly key: string;
    readonly clock: () => Date;
    readonly log: Log;
    readonly limits?: Partial<LiveLimits>;
  },
): LiveChannel {
  const { store, clock, key } = parts;
  const { publicUrl, allowedOrigins, trustedProxies } = config;
  const viewer = createServerViewer({ ...parts, publicUrl });
  const identify = createUpgradeArrival({
    ...parts,
    secretKey: key,
    glance: createAuthenticator({ store, clock }),
    publicUrl,
    allowedOrigins,
    trustedProxies,
  });
  return createLiveChannel({ ...parts, identify, views: createViewSource({ ...parts, viewer }) });
}

/** Gives the channel its connections. Other upgrades are not for us, and the request is answered as it is. */
export function attachLive(http: HttpServer, live: Pick<LiveChannel, 'upgrade'>): void {
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const [path] = (request.url ?? '').split('?');
    const isWebSocket = request.headers.upgrade?.toLowerCase() === 'websocket';
    if (isWebSocket && path === '/ws') live.upgrade(request, socket, head);
    else answerPlainly(http, request, socket);
  });
}

/**
 * RFC 9110 section 7.8 lets a server ignore an upgrade, as curl's `--http2` asks for one. Node has given up reading by
 * now, so a request with a body cannot be answered any more.
 */
function answerPlainly(http: HttpServer, request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  if (!(socket instanceof Socket)) {
    socket.destroy();
    return;
  }
  // Nobody watches over it any more: a client that does not close its side would keep it for ever.
  const end = () => socket.destroySoon();
  if (!['GET', 'HEAD', 'OPTIONS'].includes(request.method ?? '')) {
    socket.write('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    end();
    return;
  }
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', end);
  http.emit('request', request, response);
}
