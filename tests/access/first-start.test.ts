import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRegistryProcess, type RegistryProcess } from '../fixtures/registry-process.js';

let registry: RegistryProcess;
let occupant: Server;

beforeAll(async () => {
  registry = await createRegistryProcess({ NGINX_MODE: 'none', ADMIN_PASSWORD: '' });
  occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  occupant.close();
  await registry.close();
});

describe('a first start that fails', () => {
  it('tells the generated password all the same, which holds at the next start', async () => {
    const { port } = occupant.address() as AddressInfo;
    await expect(registry.start({ REGISTRY_PORT: String(port) })).rejects.toThrow(
      /EADDRINUSE.*REGISTRY_PORT/,
    );
    const password = /^Password +(\S+)/m.exec(registry.output())?.[1];
    await registry.start();
    const answer = await fetch(`${registry.registryUrl}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    });
    expect(answer.status).toBe(200);
  });
});
