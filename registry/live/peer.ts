import type { WebSocket } from 'ws';
import type { Visitor } from '../access/visitor.js';
import type { Audience } from './audience.js';
import { keyOfScope, scopeOf } from './view-source.js';

/** What may lie unsent in our memory for somebody before nothing more is sent to them, in bytes. */
const MAX_UNSENT = 512 * 1024;

/** Why the channel ends. Codes from 4000 on are ours. */
const CLOSE = {
  stopping: [1001, 'The registry stops.'],
  speech: [1008, 'Nothing is to be sent here.'],
  tooMany: [1013, 'There are too many connections.'],
  tooSlow: [1013, 'The connection is too slow.'],
  unknown: [4401, 'The session or token is not known here or has ended.'],
  foreignOrigin: [4403, 'Pages of other sites may not connect.'],
  forbidden: [4403, 'This needs the permission servers:read.'],
} as const satisfies Record<string, readonly [number, string]>;

export type CloseReason = keyof typeof CLOSE;

/** Whoever does not take part in ending it is cut off. */
const CLOSE_GRACE_MS = 2000;

/** One connection, and how far it has been told what its audience knows. */
export class Peer {
  readonly visitor: Visitor;
  readonly #socket: WebSocket;
  readonly #maxUnsent: number;
  #audience: Audience;
  #scopeKey: string;
  /** Of its audience; undefined: it needs a snapshot. */
  #told: number | undefined;
  #behindSince: number | undefined;
  #isAlive = true;

  constructor(
    socket: WebSocket,
    visitor: Visitor,
    audience: Audience,
    maxUnsent: number | undefined,
  ) {
    this.#socket = socket;
    this.visitor = visitor;
    this.#audience = audience;
    this.#scopeKey = keyOfScope(scopeOf(visitor.principal));
    this.#maxUnsent = maxUnsent ?? MAX_UNSENT;
    socket.on('pong', () => {
      this.#isAlive = true;
    });
  }

  get audience(): Audience {
    return this.#audience;
  }

  /** Of what it sees. */
  get scopeKey(): string {
    return this.#scopeKey;
  }

  get isBehind(): boolean {
    return this.#behindSince !== undefined;
  }

  /** @param since of a cursor: what it has been told before, of this audience */
  begin(since: number | undefined): void {
    const frames = since === undefined ? undefined : this.#audience.resumed(since);
    for (const frame of frames ?? [this.#audience.snapshot()]) this.#send(frame);
    this.#told = this.#audience.sequence;
  }

  /** Tells what its audience has just learned, unless it is too slow for that. */
  deliver(frame: Buffer, now: number): void {
    if (this.#holdsBack(now)) return;
    this.#send(frame);
    this.#told = this.#audience.sequence;
  }

  /** It sees something else from now on. */
  move(to: Audience, scopeKey: string, now: number): void {
    const from = this.#audience;
    this.#audience = to;
    this.#scopeKey = scopeKey;
    const knowsAll = this.#told === from.sequence;
    this.#told = undefined;
    if (!knowsAll || this.#holdsBack(now)) {
      this.#behindSince ??= now;
      return;
    }
    this.#send(to.transition(from));
    this.#told = to.sequence;
  }

  /** Makes up for what was held back, once the way is free. @returns for how long it has been behind, in ms */
  catchUp(now: number): number {
    if (this.#behindSince === undefined) return 0;
    if (this.#socket.bufferedAmount > 0) return now - this.#behindSince;
    const missed = this.#told === undefined ? undefined : this.#audience.missed(this.#told);
    for (const frame of missed ?? [this.#audience.snapshot()]) this.#send(frame);
    this.#told = this.#audience.sequence;
    this.#behindSince = undefined;
    return 0;
  }

  /** Says that we live and asks the same. @returns false when the last question was not answered */
  beat(frame: Buffer): boolean {
    if (!this.#isAlive) return false;
    this.#isAlive = false;
    this.#socket.ping();
    if (!this.isBehind) this.#send(frame);
    return true;
  }

  close(reason: CloseReason): void {
    closeSocket(this.#socket, reason);
  }

  cut(): void {
    this.#socket.terminate();
  }

  #holdsBack(now: number): boolean {
    if (this.#behindSince === undefined && this.#socket.bufferedAmount > this.#maxUnsent) {
      this.#behindSince = now;
    }
    return this.isBehind;
  }

  #send(frame: Buffer): void {
    // Text by its kind; a failure ends the socket, which says so itself.
    this.#socket.send(frame, { binary: false }, ignore);
  }
}

export function closeSocket(socket: WebSocket, reason: CloseReason): void {
  if (socket.readyState !== socket.OPEN) return;
  const [code, text] = CLOSE[reason];
  socket.close(code, text);
  const cut = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
  cut.unref();
  socket.once('close', () => clearTimeout(cut));
}

function ignore(): void {
  // See `#send`.
}
