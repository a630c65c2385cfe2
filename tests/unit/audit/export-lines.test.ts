import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvEntry, csvHeading, jsonEntry } from '../../../registry/audit/export-lines.js';
import { makeEntry } from './audit-records.js';

/** RFC 4180, section 2, read back strictly. */
function readRecord(text: string): string[] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n$)/y;
  const cells: string[] = [];
  while (cell.lastIndex < text.length) {
    const [, quoted, plain = ''] = cell.exec(text) ?? [];
    if (cell.lastIndex === 0) throw new Error(`no record: ${JSON.stringify(text)}`);
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
  }
  return cells;
}

const HEADING = readRecord(csvHeading());
const recordOf = (entry: Parameters<typeof csvEntry>[0]) => {
  const cells = readRecord(csvEntry(entry));
  expect(cells).toHaveLength(HEADING.length);
  return Object.fromEntries(HEADING.map((heading, at) => [heading, cells[at] ?? '']));
};

describe('an entry as a line of CSV', () => {
  it('has what happened in its columns', () => {
    const entry = makeEntry('7', {
      before: { tags: ['a,b'] },
      target: { type: 'tool', id: 'say "hi"', server: '/weather' },
    });
    expect(recordOf(entry)).toMatchObject({
      id: '7',
      time: '2026-01-02T03:04:05.000Z',
      action: 'server.enable',
      actor: 'ada',
      actorKind: 'user',
      target: 'say "hi"',
      targetServer: '/weather',
      address: '10.0.0.7',
      via: 'ui',
      before: '{"tags":["a,b"]}',
      after: '',
      outcome: 'ok',
    });
  });

  it.each(['=HYPERLINK("x")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    'gives %j an apostrophe, so that no spreadsheet runs it',
    (name) => {
      const entry = makeEntry('7', { target: { type: 'group', id: name } });
      expect(recordOf(entry).target).toBe(`'${name}`);
    },
  );

  it('is read back as it was, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (id, username) => {
        const entry = makeEntry('7', {
          target: { type: 'group', id },
          actor: { kind: 'user', username },
        });
        const { target, actor } = recordOf(entry);
        const plain = (text = '') => text.replace(/^'(?=[=+\-@\t\r])/, '');
        expect([plain(target), plain(actor)]).toEqual([plain(id), plain(username)]);
        expect(target).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });
});

describe('an entry as a line of JSON', () => {
  it('is the entry, on one line', () => {
    const entry = makeEntry('7', { after: { description: 'two\nlines' } });
    expect(jsonEntry(entry).split('\n')).toHaveLength(2);
    expect(JSON.parse(jsonEntry(entry))).toEqual(entry);
  });
});
