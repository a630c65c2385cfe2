import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { createVault } from '../../registry/access/vault.js';
import { addServer, type Catalog } from '../../registry/catalog/catalog.js';
import { serverInputSchema } from '../../registry/catalog/server.js';
import { attachLive, buildLive } from '../../registry/compose/build-live.js';
import type { LiveLimits } from '../../registry/live/live-limits.js';
import { createTestRegistry, PASSWORD, type TestRegistry } from '../api/test-registry.js';
import { connectLive, type LiveClient } from './live-client.js';

const SECRET = 'a key for tests that nobody else uses';

/** The API with its channel over fakes of the world behind it, on a port of loopback. */
export interface LiveStage {
  readonly registry: TestRegistry;
  readonly url: string;
  /** With a token. */
  connect(token: string, after?: string): LiveClient;
  /** With what a browser sends. */
  browse(headers: Readonly<Record<string, string>>): LiveClient;
  /** Logs in and gives the cookie. */
  logIn(username?: string): Promise<string>;
  /** Another run of the registry over the same data. */
  restart(): Promise<void>;
  connections(): number;
  close(): Promise<void>;
}

/** Quick, so that tests need not wait. */
const QUICK: Partial<LiveLimits> = { recheckMs: 100, catchUpMs: 20 };

export async function openLiveStage(limits: Partial<LiveLimits> = {}): Promise<LiveStage> {
  const registry = await createTestRegistry();
  const { store, gateway, monitor, clock, log, parts } = registry;
  const config = {
    publicUrl: parts.publicUrl,
    allowedOrigins: ['https://console.example.com'],
    trustedProxies: [],
  };
  const make = () =>
    buildLive(config, {
      ...parts,
      store,
      gateway,
      monitor,
      clock,
      log,
      vault: createVault(SECRET),
      key: SECRET,
      limits: { ...QUICK, ...limits },
    });
  let live = make();
  const http = createServer(registry.app);
  attachLive(http, { upgrade: (...connection) => live.upgrade(...connection) });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const clients: LiveClient[] = [];
  const open = (...how: Parameters<typeof connectLive>) => {
    const client = connectLive(...how);
    clients.push(client);
    return client;
  };
  return {
    registry,
    url,
    connect: (token, after) =>
      open(url, {
        headers: { authorization: `Bearer ${token}` },
        ...(after !== undefined && { after }),
      }),
    browse: (headers) => open(url, { headers }),
    logIn: async (username = 'admin') => {
      const login = { username, password: PASSWORD };
      const answer = await request(url).post('/api/login').send(login).expect(200);
      const [cookie = ''] = answer.get('Set-Cookie') ?? [];
      return cookie.split(';')[0] ?? '';
    },
    restart: async () => {
      await live.stop();
      live = make();
    },
    connections: () => live.connections(),
    close: async () => {
      for (const { socket } of clients) socket.resume();
      await live.stop();
      await Promise.all(clients.map((client) => client.close()));
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** A catalog with so many servers more, that are told from each other by their description. */
export function withServers(
  catalog: Catalog,
  paths: readonly string[],
  description: string,
  revision = 1,
): Catalog {
  const servers = new Map(catalog.servers);
  const stamp = { by: 'admin', at: '2026-01-02T03:04:05.000Z', revision };
  for (const path of paths) {
    const input = { name: path, path, url: 'http://weather:8000/', description };
    const fields = serverInputSchema.parse(input);
    const made = addServer(
      { servers: new Map(), invalid: [] },
      { ...fields, auth: { type: 'none' } },
      stamp,
    );
    for (const [key, server] of made.servers) servers.set(key, server);
  }
  return { ...catalog, servers };
}
