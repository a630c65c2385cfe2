import { describe, expect, it } from '@jest/globals';
import { withServers } from '../../../../public/api/server-list';
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
});
