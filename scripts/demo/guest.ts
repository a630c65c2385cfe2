/*
 * Preloaded (`node --import`) into each demo server, whose own code has no options for these two:
 * it listens on loopback unless told otherwise, and it ends when the process that started it has gone.
 */
import { Server } from 'node:net';

const sockets = Server.prototype as unknown as {
  listen: (this: Server, ...args: unknown[]) => Server;
};
const { listen } = sockets;
sockets.listen = function (this: Server, port: unknown, ...rest: unknown[]): Server {
  const isPort = typeof port === 'number' || typeof port === 'string';
  const hasHost = typeof rest[0] === 'string';
  return isPort && !hasHost
    ? listen.call(this, Number(port), '127.0.0.1', ...rest)
    : listen.call(this, port, ...rest);
};

const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(0);
}, 1000).unref();
