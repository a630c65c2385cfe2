import type { Server as HttpServer } from 'node:http';
import type { Config } from '../config/config.js';

/** Requests that are still being answered at the end get this long. */
const CLOSE_GRACE_MS = 3000;

export function listen(http: HttpServer, { host, port }: Config['registry']): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
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
