import { describe, expect, it } from '@jest/globals';
import {
  foundLines,
  inReadingOrder,
  MOST_FOUND,
} from '../../../../public/pages/gateway/found-lines';

describe('foundLines', () => {
  const files = [
    { path: 'nginx.conf', text: 'http {\n    include generated/site.conf;\n}\n' },
    { path: 'generated/site.conf', text: 'listen 80;\nserver_name SITE;\n' },
  ];

  it('finds lines of all files, whatever their case, with the numbers that people count', () => {
    expect(foundLines(files, 'site')).toEqual([
      { path: 'nginx.conf', line: 2, text: 'include generated/site.conf;' },
      { path: 'generated/site.conf', line: 2, text: 'server_name SITE;' },
    ]);
  });

  it('finds nothing for nothing', () => {
    expect(foundLines(files, '  ')).toEqual([]);
  });

  it('stops where nobody would read on', () => {
    const long = [{ path: 'a', text: 'x\n'.repeat(MOST_FOUND * 2) }];
    expect(foundLines(long, 'x')).toHaveLength(MOST_FOUND);
  });
});

describe('inReadingOrder', () => {
  it('begins with the head, goes on with what was generated, and ends with what never changes', () => {
    const paths = [
      'snippets/a.conf',
      'generated/b.conf',
      'njs/c.js',
      'nginx.conf',
      'generated/a.conf',
    ];
    expect(
      inReadingOrder(paths.map((path) => ({ path, text: '' }))).map(({ path }) => path),
    ).toEqual([
      'nginx.conf',
      'generated/a.conf',
      'generated/b.conf',
      'njs/c.js',
      'snippets/a.conf',
    ]);
  });
});
