import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRegistry } from '../../../registry/compose/create-registry.js';
import { readConfig } from '../../../registry/config/read-config.js';
import { createRecordingLog } from '../../fakes/recording-log.js';
import { eventually } from '../../fixtures/eventually.js';
import { freePort } from '../../fixtures/free-port.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'registry-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

async function newRegistry() {
  const config = readConfig({
    DATA_DIR: dataDir,
    GATEWAY_PORT: String(await freePort()),
    REGISTRY_PORT: String(await freePort()),
    NGINX_MODE: 'none',
    ADMIN_PASSWORD: 'only for this test run',
  });
  const registry = await createRegistry(config, createRecordingLog());
  const answers = () =>
    fetch(`http://127.0.0.1:${config.registry.port}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  return { registry, answers };
}

describe('a registry that is stopped while it starts', () => {
  it('gives up without a fault, and leaves nothing behind', async () => {
    const { registry, answers } = await newRegistry();
    const started = registry.start();
    await registry.stop();
    await started;
    expect(await answers()).toBe(false);
  });

  it('does so as well when it answers already', async () => {
    const { registry, answers } = await newRegistry();
    const started = registry.start();
    await eventually(answers, (isUp) => isUp);
    await registry.stop();
    await started;
    expect(await answers()).toBe(false);
    // Nor is its data directory held by anybody.
    const { registry: next, answers: nextAnswers } = await newRegistry();
    await next.start();
    expect(await nextAnswers()).toBe(true);
    await next.stop();
  });
});
