import type {
  Gateway,
  GatewayOutcome,
  GatewayStatus,
  KeptGeneration,
  Preview,
} from '../../registry/gateway/gateway.js';
import type { Catalog } from '../../registry/catalog/catalog.js';

/** A gateway that applies everything at once, unless it is told what to answer. */
export interface FakeGateway extends Gateway {
  setStatus(status: Partial<GatewayStatus>): void;
  readonly outcomesAsked: number;
  setGenerations(generations: readonly KeptGeneration[]): void;
}

export function createFakeGateway(): FakeGateway {
  let status: GatewayStatus = {
    state: 'applied',
    generation: 'abc123',
    appliedAt: '2026-01-02T03:04:05.000Z',
    exclusions: [],
    outcomes: [],
    drainingWorkers: 0,
    reloads: 1,
    nginx: { mode: 'managed', pid: 42, version: '1.22.1' },
  };
  let asked = 0;
  let generations: readonly KeptGeneration[] = [{ generation: 'abc123', live: true }];
  const listeners = new Set<() => void>();
  const outcome = (): GatewayOutcome => {
    const { state, generation, reason } = status;
    return { state, generation, ...(reason !== undefined && { reason }) };
  };
  return {
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    changed: () => undefined,
    outcome: () => {
      asked += 1;
      return Promise.resolve(outcome());
    },
    status: () => status,
    liveFiles: () => [{ path: 'servers.conf', text: 'location /weather/ {}\n' }],
    generations: () => generations,
    generationFiles: (generation) =>
      generations.some((kept) => kept.generation === generation)
        ? [{ path: 'servers.conf', text: `# ${generation}\n` }]
        : undefined,
    reopenLogs: () => true,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    preview: (catalog: Catalog, paths): Preview => ({
      files: paths.map((path) => ({
        path: 'servers.conf',
        text: `${path} of ${catalog.servers.size}\n`,
      })),
      exclusions: [],
      reload: true,
    }),
    setStatus: (change) => {
      status = { ...status, ...change };
      for (const listener of listeners) listener();
    },
    setGenerations: (next) => {
      generations = next;
    },
    get outcomesAsked() {
      return asked;
    },
  };
}
