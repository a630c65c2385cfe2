import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EMPTY_CATALOG } from '../../../registry/catalog/catalog.js';
import { createGateway, type GatewayParts } from '../../../registry/gateway/create-gateway.js';
import { nginxLayout } from '../../../registry/gateway/nginx/nginx-layout.js';
import { createRecordingLog } from '../../fakes/recording-log.js';
import { freePort } from '../../fixtures/free-port.js';
import { listen } from '../../fixtures/listen.js';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-'));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** One whose nginx serves another generation as soon as it reloads, on a disk that takes nothing after that. */
async function gatewayOnFullDisk() {
  let served = 'aa';
  const nginx = await listen((_request, response) => response.end(`{"generation":"${served}"}`));
  const full = () => {
    throw new Error('ENOSPC: no space left on device');
  };
  const parts = {
    ...(await contentParts()),
    render: () => ({ id: 'bb', files: [] }),
    target: { address: '127.0.0.1', port: nginx.port },
  };
  const store = {
    cleanUp: () => (served === 'bb' ? full() : undefined),
    retireAllBut: full,
    note: full,
    noted: () => undefined,
    stage: () => 'nginx.conf',
    sync: () => Promise.resolve(),
    current: () => served,
    swap: () => undefined,
  };
  const test = () => Promise.resolve({ ok: true });
  const reload = () => (served = 'bb');
  const runtime = { ...parts.runtime, test, reload };
  const gateway = createGateway({ ...parts, store, runtime } as unknown as GatewayParts);
  return { gateway, nginx };
}

/** One whose nginx serves already what is wanted, whatever changes. */
const contentGateway = async () => createGateway((await contentParts()) as unknown as GatewayParts);

async function contentParts() {
  return {
    settings: {},
    render: () => ({ id: '', files: [] }),
    sources: () => ({
      catalog: EMPTY_CATALOG,
      revision: 1,
      endpoint: () => undefined,
      resolution: () => ({ state: 'pending' }),
    }),
    log: createRecordingLog(),
    layout: nginxLayout(dataDir),
    target: { address: '127.0.0.1', port: await freePort() },
    store: { cleanUp: () => undefined, current: () => undefined, note: () => undefined },
    runtime: {
      mode: 'external',
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
      pid: () => process.pid,
      downReason: () => undefined,
      workers: () => ({ active: [], draining: [] }),
      version: () => Promise.resolve(undefined),
    },
  };
}

describe('the loop of the gateway', () => {
  it('misses no change, at whatever moment it comes', async () => {
    const gateway = await contentGateway();
    await gateway.start();
    for (let steps = 0; steps < 30; steps += 1) {
      gateway.changed('soon');
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      gateway.changed('soon');
      expect(await gateway.outcome(500)).toEqual({ state: 'unchanged', generation: '' });
    }
    await gateway.stop();
  });

  it('takes for applied what nginx serves, also when the disk has no room for what comes after', async () => {
    const { gateway, nginx } = await gatewayOnFullDisk();
    await gateway.start();
    expect(gateway.status()).toMatchObject({ state: 'applied', generation: 'bb', reloads: 1 });
    await gateway.stop();
    await nginx.close();
  });

  it('follows a change at once where the clock was set back', async () => {
    const gateway = await contentGateway();
    await gateway.start();
    const anHourAgo = Date.now() - 3_600_000;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => anHourAgo);
    try {
      gateway.changed('at-once');
      expect(await gateway.outcome(500)).toEqual({ state: 'unchanged', generation: '' });
    } finally {
      clock.mockRestore();
      await gateway.stop();
    }
  });
});
