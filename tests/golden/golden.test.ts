import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createGenerationStore } from '../../registry/gateway/apply/generation-store.js';
import { loadRenderSources } from '../../registry/gateway/load-sources.js';
import { testConfig } from '../../registry/gateway/nginx/nginx-commands.js';
import { makeNginxFolders, nginxLayout } from '../../registry/gateway/nginx/nginx-layout.js';
import { createRenderer, type Generation } from '../../registry/gateway/render/render-config.js';
import { readConfig } from '../../registry/config/read-config.js';
import { productRoot } from '../../registry/machine.js';
import { planOf, type PlanCase } from '../fixtures/plan-case.js';
import { createPrivateCa } from '../upstream/private-ca.js';

/** These name the hash of everything, the static files included. */
const NAMED_BY_HASH = ['healthz', 'retired', 'stream-zone', 'stream-limit'].map(
  (name) => `generated/${name}.conf`,
);

const here = path.dirname(fileURLToPath(import.meta.url));
const render = createRenderer(loadRenderSources(productRoot()));
const cases = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const read = (...names: string[]) => readFileSync(path.join(here, ...names), 'utf8');

/** What a case comes to, by file name: the rendered files and what is said of servers left out. */
function actualOf(name: string): { generation: Generation; files: Record<string, string> } {
  const plan = planOf(JSON.parse(read(name, 'catalog.json')) as PlanCase);
  const generation = render(plan);
  const rendered = generation.files.filter(
    ({ path: at }) => /^(?:generated|trust)\//.test(at) && !NAMED_BY_HASH.includes(at),
  );
  const report = `${JSON.stringify({ exclusions: plan.exclusions }, null, 2)}\n`;
  return {
    generation,
    files: {
      ...Object.fromEntries(rendered.map((file) => [file.path, file.text])),
      'report.json': report,
    },
  };
}

function expectedOf(name: string): Record<string, string> {
  const root = path.join(here, name, 'expected');
  return Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      .map((at) => [at, read(name, 'expected', at)]),
  );
}

function update(name: string, files: Record<string, string>): void {
  const root = path.join(here, name, 'expected');
  rmSync(root, { recursive: true, force: true });
  for (const [at, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, at)), { recursive: true });
    writeFileSync(path.join(root, at), text);
  }
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'golden-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the configuration for', () => {
  it.each(cases)('%s', (name) => {
    const { files } = actualOf(name);
    if (process.env.UPDATE_GOLDEN === '1') update(name, files);
    expect(files).toEqual(expectedOf(name));
  });

  it('every case is the same for the same catalog, and accepted by nginx', async () => {
    const layout = nginxLayout(folder);
    makeNginxFolders(layout);
    const store = createGenerationStore(layout);
    const { caPem, signed } = createPrivateCa();
    const { bin } = readConfig({ DATA_DIR: folder }).nginx;
    const given = [
      { path: 'trust/system.pem', text: caPem },
      { path: 'tls/cert.pem', text: signed.cert },
      { path: 'tls/key.pem', text: signed.key },
    ];
    const verdicts: Record<string, unknown> = {};
    for (const name of cases) {
      const { generation } = actualOf(name);
      expect(actualOf(name).generation).toEqual(generation);
      const trial = store.stageTrial([...generation.files, ...given]);
      verdicts[name] = await testConfig(bin, layout, trial.configFile);
      trial.discard();
    }
    expect(verdicts).toEqual(Object.fromEntries(cases.map((name) => [name, { ok: true }])));
  });
});
