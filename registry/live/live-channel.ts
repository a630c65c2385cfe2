import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Principal } from '../access/principal.js';
import type { Arrival } from '../access/visitor.js';
import { messageOf } from '../errors.js';
import type { Gateway } from '../gateway/gateway.js';
import type { Log } from '../log.js';
import type { Store } from '../store/store.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';
import { Audiences } from './audiences.js';
import { dirtOf, otherwiseExcluded } from './dirt.js';
import { HEARTBEAT } from './frames.js';
import { LIVE_LIMITS, type LiveLimits } from './live-limits.js';
import { untilNextBatch } from './pace.js';
import { closeSocket, Peer, type CloseReason } from './peer.js';
import { nameOf, refusalOf, refusalOfPrincipal } from './refusals.js';
import { Seats } from './seats.js';
import { keyOfScope, scopeOf, type ViewSource } from './view-source.js';

/** Clients send nothing, so nothing of theirs is ever held in memory. */
const MAX_PAYLOAD = 1024;
const STOP_GRACE_MS = 500;

interface LiveDeps {
  readonly identify: (request: IncomingMessage) => Promise<Arrival>;
  readonly views: ViewSource;
  readonly store: Pick<Store, 'subscribe'>;
  readonly monitor: Pick<UpstreamMonitor, 'subscribe'>;
  readonly gateway: Pick<Gateway, 'subscribe' | 'status'>;
  readonly log: Log;
  readonly limits?: Partial<LiveLimits>;
}

/** Tells browsers and programs what changes, as they see it. */
export interface LiveChannel {
  /** Takes over a connection that asks for the WebSocket protocol. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  connections(): number;
  stop(): Promise<void>;
}

export function createLiveChannel(deps: LiveDeps): LiveChannel {
  return new Channel(deps);
}

class Channel implements LiveChannel {
  readonly #deps: LiveDeps;
  readonly #limits: LiveLimits;
  readonly #seats: Seats;
  readonly #peers = new Set<Peer>();
  /** Those of peers, and those that were refused and are not closed yet. */
  readonly #sockets = new Set<WebSocket>();
  readonly #audiences = new Audiences(randomBytes(8).toString('hex'));
  readonly #heartbeat = Buffer.from(HEARTBEAT);
  readonly #leaves: readonly (() => void)[];
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Small frames, and memory for each connection.
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD,
  });
  #dirty: Set<string> | 'all' = new Set();
  #accessChanged = false;
  #exclusions: ReturnType<Gateway['status']>['exclusions'] = [];
  #timer: NodeJS.Timeout | undefined;
  #flushing = false;
  #isWaiting = false;
  #flushedAt: number | undefined;
  #stopped = false;

  constructor(deps: LiveDeps) {
    const { store, monitor, gateway } = deps;
    this.#deps = deps;
    this.#limits = { ...LIVE_LIMITS, ...deps.limits };
    const { maxConnections, maxPerPrincipal, heartbeatMs, recheckMs, catchUpMs } = this.#limits;
    this.#seats = new Seats({ inAll: maxConnections, each: maxPerPrincipal });
    this.#leaves = [
      store.subscribe((after, before) => {
        this.#accessChanged ||=
          after.accounts !== before.accounts || after.tokens !== before.tokens;
        this.#note(dirtOf(before, after));
      }),
      monitor.subscribe(({ path }) => this.#note(new Set([path]))),
      gateway.subscribe(() => this.#note(new Set())),
      every(heartbeatMs, () => this.#beat()),
      every(catchUpMs, () => this.#catchUp()),
      every(recheckMs, () => {
        // What runs out, and sessions that were ended, cause no change in the store.
        this.#accessChanged = true;
        this.#audiences.sweep(Date.now());
        this.#schedule();
      }),
    ];
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', ignore);
    if (this.#stopped) {
      socket.destroy();
      return;
    }
    const admit = (who: Arrival) => {
      socket.off('error', ignore);
      // The connection may be gone by now; the server sees that.
      this.#server.handleUpgrade(request, socket, head, (client) => {
        this.#admit(client, who, cursorIn(request));
      });
    };
    this.#deps
      .identify(request)
      .then(admit)
      .catch((thrown: unknown) => {
        this.#deps.log.error('a connection could not be taken', { reason: messageOf(thrown) });
        socket.destroy();
      });
  }

  connections(): number {
    return this.#seats.inAll;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const leave of this.#leaves) leave();
    const sockets = [...this.#sockets];
    const gone = sockets.map((socket) => once(socket, 'close'));
    for (const socket of sockets) closeSocket(socket, 'stopping');
    const cut = setTimeout(() => sockets.forEach((socket) => socket.terminate()), STOP_GRACE_MS);
    await Promise.all(gone);
    clearTimeout(cut);
  }

  /** Refusals are told by close codes: scripts in browsers see no status of a refused upgrade. */
  #admit(socket: WebSocket, arrival: Arrival, after: string | undefined): void {
    socket.on('error', ignore);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    const refusal = this.#stopped ? 'stopping' : refusalOf(arrival);
    if (refusal !== undefined || arrival.kind !== 'known') {
      closeSocket(socket, refusal ?? 'unknown');
      return;
    }
    const { visitor } = arrival;
    const leaveSeat = this.#seats.take(nameOf(visitor.principal));
    if (leaveSeat === undefined) {
      closeSocket(socket, 'tooMany');
      return;
    }
    const moment = () => this.#deps.views.moment();
    const audience = this.#audiences.join(scopeOf(visitor.principal), moment);
    const peer = new Peer(socket, visitor, audience, this.#limits.maxUnsent);
    this.#peers.add(peer);
    socket.on('message', () => this.#end(peer, 'speech'));
    socket.once('close', () => {
      this.#peers.delete(peer);
      this.#audiences.leave(peer.audience, Date.now());
      leaveSeat();
    });
    peer.begin(this.#audiences.sequenceOf(after, audience));
  }

  #note(paths: ReadonlySet<string> | 'all'): void {
    if (paths === 'all') this.#dirty = 'all';
    else if (this.#dirty !== 'all') for (const path of paths) this.#dirty.add(path);
    this.#deps.views.forget(paths === 'all' ? undefined : paths);
    this.#schedule();
  }

  #schedule(): void {
    this.#isWaiting = true;
    if (this.#timer !== undefined || this.#flushing || this.#stopped) return;
    const wait = untilNextBatch(Date.now(), this.#flushedAt, this.#limits.batchMs);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, wait).unref();
  }

  #flush(): void {
    this.#flushing = true;
    this.#isWaiting = false;
    this.#recheck()
      .then(() => this.#tell())
      .catch((thrown: unknown) => {
        this.#deps.log.error('changes could not be told', { reason: messageOf(thrown) });
      })
      .finally(() => {
        this.#flushing = false;
        this.#flushedAt = Date.now();
        if (this.#isWaiting) this.#schedule();
      });
  }

  /** Nothing is told to anybody before it is known that they may still hear it. */
  async #recheck(): Promise<void> {
    while (this.#accessChanged) {
      this.#accessChanged = false;
      const asked = new Map<string, Promise<Principal | undefined>>();
      const answers = [...this.#peers].map(async (peer) => {
        const { credential } = peer.visitor;
        const answer = asked.get(credential) ?? peer.visitor.again();
        asked.set(credential, answer);
        this.#settle(peer, await answer);
      });
      try {
        await Promise.all(answers);
      } catch (thrown) {
        // It is still to be asked, before the next thing is told.
        this.#accessChanged = true;
        throw thrown;
      }
    }
  }

  #settle(peer: Peer, principal: Principal | undefined): void {
    if (!this.#peers.has(peer)) return;
    const refusal = principal === undefined ? 'unknown' : refusalOfPrincipal(principal);
    if (principal === undefined || refusal !== undefined) {
      this.#end(peer, refusal ?? 'unknown');
      return;
    }
    const scope = scopeOf(principal);
    const key = keyOfScope(scope);
    if (key === peer.scopeKey) return;
    const from = peer.audience;
    const to = this.#audiences.join(scope, () => this.#deps.views.moment());
    peer.move(to, key, Date.now());
    this.#audiences.leave(from, Date.now());
  }

  /** From here on it is told nothing. */
  #end(peer: Peer, reason: CloseReason): void {
    this.#peers.delete(peer);
    peer.close(reason);
  }

  #tell(): void {
    const { exclusions } = this.#deps.gateway.status();
    const excluded = otherwiseExcluded(this.#exclusions, exclusions);
    this.#exclusions = exclusions;
    this.#deps.views.forget(excluded);
    const paths = this.#dirty === 'all' ? 'all' : new Set([...this.#dirty, ...excluded]);
    this.#dirty = new Set();
    if (this.#audiences.isEmpty) return;
    const frames = this.#audiences.update(this.#deps.views.moment(), paths);
    const now = Date.now();
    for (const peer of this.#peers) {
      const frame = frames.get(peer.audience);
      if (frame !== undefined) peer.deliver(frame, now);
    }
  }

  #beat(): void {
    for (const peer of this.#peers) if (!peer.beat(this.#heartbeat)) peer.cut();
  }

  #catchUp(): void {
    const now = Date.now();
    for (const peer of this.#peers) {
      if (peer.isBehind && peer.catchUp(now) > this.#limits.maxBehindMs) {
        this.#end(peer, 'tooSlow');
      }
    }
  }
}

function cursorIn({ url = '' }: IncomingMessage): string | undefined {
  const at = url.indexOf('?');
  return at === -1 ? undefined : (new URLSearchParams(url.slice(at + 1)).get('after') ?? undefined);
}

function every(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms).unref();
  return () => clearInterval(timer);
}

function ignore(): void {
  // A broken connection is closed as well, and that is what counts.
}
