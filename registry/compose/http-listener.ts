import type { Server as HttpServer } from 'node:http';
import type { Config } from '../config/config.js';

/** Requests that are still being answered at the end get this long. */
const CLOSE_GRACE_MS = 3000;

/** @throws Error that names the setting when the address cannot be had */
export function listen(http: HttpServer, { host, port }: Config['registry']): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException) => reject(notListening(cause, `${host}:${port}`));
    http.once('error', refuse);
    http.listen(port, host, () => {
      http.off('error', refuse);
      resolve();
    });
  });
}

function notListening(cause: NodeJS.ErrnoException, address: string): Error {
  const remedy =
    cause.code === 'EADDRINUSE'
      ? 'Another program listens there: end it, or set REGISTRY_PORT to a port that is free.'
      : 'Set REGISTRY_HOST and REGISTRY_PORT to an address of this machine that the registry may use.';
  return new Error(`it cannot listen at ${address} (${cause.code ?? cause.message}). ${remedy}`, {
    cause,
  });
}

export function closeServer(http: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      http.closeAllConnections();
      // Connections that were upgraded are not among them, and must not hold up what ends after this.
      resolve();
    }, CLOSE_GRACE_MS);
    http.close(() => {
      clearTimeout(cut);
      resolve();
    });
    http.closeIdleConnections();
  });
}
