import { describe, expect, it } from '@jest/globals';
import { withCheckTimes, withServers } from '../../../../public/api/server-list';
import type { ServerSummary } from '../../../../public/api/servers';
import { summary } from '../summaries';

describe('the list of servers', () => {
  const list = [summary('/a'), summary('/c', { revision: 3 })];

  it('takes in what is new, in the order of paths, and lets go what is gone', () => {
    const changes = new Map([
      ['/b', summary('/b')],
      ['/a', undefined],
    ]);
    expect(withServers(list, changes).map(({ path }) => path)).toEqual(['/b', '/c']);
  });

  it('is not set back by what comes late', () => {
    const late = summary('/c', { revision: 2, enabled: false });
    expect(withServers(list, new Map([['/c', late]]))).toEqual(list);
    const checked = summary('/c', { revision: 3, toolCount: 5 });
    expect(withServers(list, new Map([['/c', checked]]))[1]).toBe(checked);
  });

  it('takes from another reading when servers were checked, and nothing else', () => {
    const at = (minute: number) => `2026-01-01T00:0${String(minute)}:00.000Z`;
    const checkedAt = (path: string, minute: number, change: Partial<ServerSummary> = {}) =>
      summary(path, {
        health: { reachable: 'yes', usable: 'ok', checkedAt: at(minute) },
        ...change,
      });
    const known = [checkedAt('/a', 1), checkedAt('/b', 3), summary('/c')];
    const read = [checkedAt('/a', 2, { enabled: false }), checkedAt('/b', 2), checkedAt('/d', 2)];
    expect(withCheckTimes(known, read)).toEqual([
      checkedAt('/a', 2),
      checkedAt('/b', 3),
      summary('/c'),
    ]);
  });
});
