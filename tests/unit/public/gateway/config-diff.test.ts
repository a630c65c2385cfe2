import { describe, expect, it } from '@jest/globals';
import { diffConfigs } from '../../../../public/pages/gateway/config-diff';

const config = (generation: string, files: Readonly<Record<string, string>>) => ({
  generation,
  files: Object.entries(files).map(([path, text]) => ({ path, text })),
});

describe('diffConfigs', () => {
  it('tells which lines of which files came and went, with the lines around them', () => {
    const before = config('aaaa', { 'a.conf': 'one;\ntwo;\nthree;\n', 'same.conf': 'x;\n' });
    const after = config('bbbb', { 'a.conf': 'one;\n2;\nthree;\n', 'same.conf': 'x;\n' });
    expect(diffConfigs(before, after)).toEqual([
      {
        path: 'a.conf',
        added: 1,
        removed: 1,
        hunks: [
          {
            from: 1,
            to: 1,
            lines: [
              { kind: 'same', text: 'one;' },
              { kind: 'removed', text: 'two;' },
              { kind: 'added', text: '2;' },
              { kind: 'same', text: 'three;' },
            ],
          },
        ],
      },
    ]);
  });

  it('takes a file that only one of them has for all new, or all gone', () => {
    const some = config('aaaa', { 'new.conf': 'a;\nb;' });
    const none = config('bbbb', {});
    expect(diffConfigs(none, some)).toMatchObject([{ path: 'new.conf', added: 2, removed: 0 }]);
    expect(diffConfigs(some, none)).toMatchObject([{ path: 'new.conf', added: 0, removed: 2 }]);
  });

  it('does not count the names that generations tell of themselves', () => {
    const named = (generation: string) =>
      config(generation, { 'healthz.conf': `return 200 "${generation}";\n` });
    expect(diffConfigs(named('43ed1ed0'), named('152b2327'))).toEqual([]);
    // Before the first generation there is no name that could be looked for.
    expect(diffConfigs(named(''), named('152b2327'))).toHaveLength(1);
  });

  it('leaves out what says that a file has no newline at its end', () => {
    const [file] = diffConfigs(config('a1', { f: 'x;' }), config('b1', { f: 'x;\n' }));
    expect(file?.hunks?.[0]?.lines).toEqual([
      { kind: 'removed', text: 'x;' },
      { kind: 'added', text: 'x;' },
    ]);
  });
});
