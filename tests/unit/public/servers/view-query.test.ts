import { describe, expect, it } from '@jest/globals';
import { readView, writeView, type ServersView } from '../../../../public/pages/servers/view-query';
import { NO_FILTER } from '../../../../public/pages/servers/server-filter';
import { BY_NAME } from '../../../../public/pages/servers/server-order';

const USUAL: ServersView = { filter: NO_FILTER, order: BY_NAME, layout: undefined };
const read = (query: string) => readView(new URLSearchParams(query));

describe('the view in the address', () => {
  it('is empty when everything is as usual', () => {
    expect(writeView(USUAL).toString()).toBe('');
    expect(read('')).toEqual(USUAL);
  });

  it('comes back whole from a link', () => {
    const view: ServersView = {
      filter: {
        status: 'issues',
        query: 'a & b=c #d',
        tags: ['prod', 'geo'],
        owner: 'ada',
        era: 'legacy',
        transport: 'sse',
      },
      order: { by: 'tools', descending: true },
      layout: 'table',
    };
    expect(read(writeView(view).toString())).toEqual(view);
  });

  it('takes the link that the search makes of a tag', () => {
    expect(read('tag=prod')).toEqual({ ...USUAL, filter: { ...NO_FILTER, tags: ['prod'] } });
  });

  it('leaves out what makes no sense', () => {
    expect(read('status=sleeping&sort=-beauty&view=cinema&tag=&tag=a&tag=a&x=y')).toEqual({
      ...USUAL,
      filter: { ...NO_FILTER, tags: ['a'] },
    });
  });
});
