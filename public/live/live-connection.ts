import type { Frame } from './frames';
import type { LiveState } from './live-context';

/** The registry sends something every 15 s; after this silence the line is dead, whatever the browser says. */
const SILENCE_MS = 35_000;
/** A page that cannot connect in this time asks for what it shows. */
const PATIENCE_MS = 1_500;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;

const NOT_AUTHENTICATED = 4401;

export interface LiveConnection {
  reconnect(): void;
  close(): void;
}

/**
 * Keeps a WebSocket to the registry open, and goes on after a break where it left off.
 * @param url of the channel, without a query
 */
export function openLiveConnection(
  url: string,
  on: {
    readonly state: (state: LiveState) => void;
    readonly frame: (frame: Frame) => void;
    /** The session has ended; nothing is tried any more. */
    readonly signedOut: () => void;
  },
): LiveConnection {
  let socket: WebSocket | undefined;
  let cursor: string | undefined;
  let retryMs = FIRST_RETRY_MS;
  let closed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const patience = setTimeout(() => on.state('lost'), PATIENCE_MS);

  const connect = () => {
    clearTimeout(retry);
    const current = new WebSocket(
      cursor === undefined ? url : `${url}?after=${encodeURIComponent(cursor)}`,
    );
    socket = current;
    current.onmessage = ({ data }: MessageEvent<string>) => {
      const frame = JSON.parse(data) as Frame;
      listenOn(current);
      if (frame.type === 'heartbeat') return;
      cursor = frame.cursor;
      clearTimeout(patience);
      retryMs = FIRST_RETRY_MS;
      on.frame(frame);
      on.state('live');
    };
    current.onclose = ({ code }) => {
      if (socket !== current || closed) return;
      clearTimeout(silence);
      if (code === NOT_AUTHENTICATED) {
        on.signedOut();
        return;
      }
      on.state('lost');
      // Spread out, so that a restarted registry is not asked by everybody at once.
      retry = setTimeout(connect, retryMs * (0.5 + Math.random() / 2));
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    };
    listenOn(current);
  };

  const listenOn = (current: WebSocket) => {
    clearTimeout(silence);
    silence = setTimeout(() => current.close(), SILENCE_MS);
  };

  const wake = () => {
    if (socket?.readyState === WebSocket.CLOSED) connect();
  };

  connect();
  window.addEventListener('online', wake);
  return {
    reconnect: wake,
    close: () => {
      closed = true;
      window.removeEventListener('online', wake);
      [patience, retry, silence].forEach(clearTimeout);
      socket?.close();
    },
  };
}
