import { describe, expect, it } from '@jest/globals';
import {
  firstOrder,
  SORT_KEYS,
  sortServers,
  type Order,
} from '../../../../public/pages/servers/server-order';
import { summary } from '../summaries';

const servers = [
  summary('/b10', { name: 'Server 10', toolCount: 3, owner: 'ada', enabled: false }),
  summary('/a2', { name: 'server 2', toolCount: 40, updatedAt: '2026-02-01T00:00:00.000Z' }),
  summary('/c', {
    name: 'Zeta',
    toolCount: 3,
    health: { reachable: 'no', usable: 'error', checkedAt: '2026-03-01T00:00:00.000Z' },
  }),
];
const paths = (order: Order) => sortServers(servers, order).map(({ path }) => path);

describe('the order of the server list', () => {
  it.each<[Order, string[]]>([
    [{ by: 'name', descending: false }, ['/a2', '/b10', '/c']],
    [{ by: 'name', descending: true }, ['/c', '/b10', '/a2']],
    [{ by: 'path', descending: false }, ['/a2', '/b10', '/c']],
    [{ by: 'status', descending: false }, ['/c', '/a2', '/b10']],
    [{ by: 'tools', descending: true }, ['/a2', '/b10', '/c']],
    [{ by: 'owner', descending: false }, ['/b10', '/a2', '/c']],
    [{ by: 'checked', descending: true }, ['/c', '/a2', '/b10']],
    [{ by: 'updated', descending: true }, ['/a2', '/b10', '/c']],
  ])('%j', (order, expected) => {
    expect(paths(order)).toEqual(expected);
  });

  it('leaves the list as it was', () => {
    const before = [...servers];
    sortServers(servers, firstOrder('tools'));
    expect(servers).toEqual(before);
  });

  it('can be had for every key both ways', () => {
    for (const by of SORT_KEYS) {
      expect(paths({ by, descending: false }).toSorted()).toEqual(['/a2', '/b10', '/c']);
      expect(paths({ by, descending: true })).toHaveLength(3);
    }
  });
});
