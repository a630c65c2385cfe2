import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AuditEntry } from '../../../registry/audit/audit-entry.js';

/** An entry in which only `change` is out of the ordinary. */
export function makeEntry(id: string, change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id,
    time: '2026-01-02T03:04:05.000Z',
    action: 'server.enable',
    actor: { kind: 'user', username: 'ada' },
    target: { type: 'server', id: '/weather' },
    from: { address: '10.0.0.7', via: 'ui' },
    outcome: 'ok',
    ...change,
  };
}

/** Gives the test a data directory of its own. */
export async function withDataDir(test: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'audit-'));
  try {
    await test(dataDir);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
