import { describe, expect, it } from '@jest/globals';
import { ROLES, type Principal, type Role } from '../../../../registry/access/principal.js';
import { permissionsOfRoles } from '../../../../registry/access/roles.js';
import type { RegistryUrl } from '../../../../registry/catalog/import/registry-url.js';
import type { RegistrySource } from '../../../../registry/catalog/registry-source.js';
import { RegistryError } from '../../../../registry/errors.js';
import { createAudited } from '../../../../registry/operations/audit/audited.js';
import { createPullSchedule } from '../../../../registry/operations/imports/pull-schedule.js';
import { createFakeClock } from '../../../fakes/fake-clock.js';
import { createMemoryAuditLog } from '../../../fakes/memory-audit-log.js';
import { createMemoryStore } from '../../../fakes/memory-store.js';
import { createRecordingLog } from '../../../fakes/recording-log.js';

const HOUR_MS = 3_600_000;
const AT = '2026-01-02T03:04:05.000Z';

const principal = (role: Role): Principal => ({
  username: role,
  kind: 'user',
  roles: [role],
  permissions: permissionsOfRoles([role]),
  groups: [],
  visibility: { all: true, groups: [] },
});
const source = (id: string, more: Partial<RegistrySource> = {}): RegistrySource => ({
  id,
  url: `https://${id}.example.com` as RegistryUrl,
  existing: 'keep',
  owner: 'admin',
  createdAt: AT,
  ...more,
});

function setUp(registries: readonly RegistrySource[]) {
  const clock = createFakeClock(AT);
  const store = createMemoryStore({ registries });
  const log = createRecordingLog();
  const pulled: string[] = [];
  const skipped: string[] = [];
  const schedule = createPullSchedule({
    store,
    clock,
    log,
    audited: createAudited({ store, auditLog: createMemoryAuditLog(), clock }),
    ofUser: (name) => ROLES.filter((role) => role === name).map(principal)[0],
    sources: {
      pull: async (id, _input, by) => {
        pulled.push(`${id} as ${by.username}`);
        const lastPull = { at: clock().toISOString() };
        await store.commit(({ registries: now }) => ({
          registries: now.map((each) => (each.id === id ? { ...each, lastPull } : each)),
        }));
        if (id === 'broken') throw new RegistryError('registry-pull-failed', 'It is down.');
        return { registry: id, dryRun: false, results: [] };
      },
      skip: (id) => {
        skipped.push(id);
        return Promise.resolve();
      },
    },
  });
  return { schedule, clock, log, pulled, skipped };
}

describe('the schedule of pulls', () => {
  it('pulls from each registry as often as somebody decided, in the name of its owner', async () => {
    const { schedule, clock, pulled } = setUp([
      source('daily', { everyHours: 24, owner: 'developer' }),
      source('hourly', { everyHours: 1 }),
      source('when-asked'),
    ]);
    await schedule.pullDue();
    await schedule.pullDue();
    expect(pulled.splice(0)).toEqual(['daily as developer', 'hourly as admin']);
    clock.advance(HOUR_MS - 1);
    await schedule.pullDue();
    expect(pulled).toEqual([]);
    clock.advance(1);
    await schedule.pullDue();
    expect(pulled.splice(0)).toEqual(['hourly as admin']);
    clock.advance(23 * HOUR_MS);
    await schedule.pullDue();
    expect(pulled).toEqual(['daily as developer', 'hourly as admin']);
  });

  it('goes on after one that fails, and leaves out those whose owner may no longer', async () => {
    const { schedule, pulled, skipped, log } = setUp([
      source('broken', { everyHours: 1 }),
      source('gone', { everyHours: 1, owner: 'somebody' }),
      source('demoted', { everyHours: 1, owner: 'viewer' }),
      source('well', { everyHours: 1 }),
    ]);
    await schedule.pullDue();
    expect(pulled).toEqual(['broken as admin', 'well as admin']);
    expect(skipped).toEqual(['gone', 'demoted']);
    expect(log.entries.map(({ fields }) => fields.reason)).toEqual(['It is down.']);
    await schedule.stop();
    await schedule.pullDue();
    expect(pulled).toHaveLength(2);
  });
});
