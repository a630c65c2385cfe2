import { describe, expect, it } from '@jest/globals';
import { diffViews, type SeenEntry, type View } from '../../../registry/live/view.js';

const view = (servers: Readonly<Record<string, SeenEntry>>, gateway = '{}'): View => ({
  servers: new Map(Object.entries(servers)),
  gateway,
});
const entry = (name: string, lists = ''): SeenEntry => ({
  summary: JSON.stringify({ name }),
  lists,
});
const told = (before: View, after: View, paths: readonly string[]) =>
  diffViews(before, after, paths).map(({ text }) => JSON.parse(text) as unknown);

describe('the difference of two views', () => {
  it('is nothing where nothing is different', () => {
    const same = view({ '/a': entry('A') });
    expect(diffViews(same, view({ '/a': entry('A') }), ['/a', '/b'])).toEqual([]);
  });

  it('tells what came, what changed, what went, and lists that are to be fetched again', () => {
    const before = view({ '/a': entry('A'), '/b': entry('B', '1'), '/c': entry('C') });
    const after = view({ '/a': entry('Z'), '/b': entry('B', '2'), '/d': entry('D', '9') });
    expect(told(before, after, ['/a', '/b', '/c', '/d'])).toEqual([
      { type: 'server', path: '/a', server: { name: 'Z' } },
      { type: 'tools', path: '/b' },
      { type: 'server-removed', path: '/c' },
      { type: 'server', path: '/d', server: { name: 'D' } },
    ]);
  });

  it('looks at the given servers only, and always at the gateway', () => {
    const before = view({ '/a': entry('A') }, '{"state":"applied"}');
    const after = view({ '/a': entry('Z') }, '{"state":"pending"}');
    expect(told(before, after, [])).toEqual([{ type: 'gateway', gateway: { state: 'pending' } }]);
  });
});
