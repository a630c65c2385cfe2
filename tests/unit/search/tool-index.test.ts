import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Tool } from '../../../registry/catalog/discovery.js';
import { parseServerPath } from '../../../registry/catalog/server-path.js';
import { createToolIndex, type ToolIndex } from '../../../registry/search/tool-index.js';

const server = (path: string, name: string, tags: string[] = []) => {
  const parsed = parseServerPath(path);
  if (!parsed.ok) throw new Error(parsed.problem);
  return { path: parsed.value, name, tags };
};
const tool = (name: string, description = '', properties: object = {}): Tool => ({
  name,
  description,
  inputSchema: { type: 'object', properties },
});

const WEATHER = server('/weather', 'Weather', ['climate']);
const FILES = server('/files', 'Files');
const everything = () => true;

let index: ToolIndex;
beforeEach(() => {
  index = createToolIndex();
  index.put(WEATHER, [
    tool('get_forecast', 'Predicts rain and snow for the next days', {
      city: { type: 'string', description: 'Where, such as Trondheim' },
    }),
    tool('currentTemperature', 'How warm it is now'),
    tool('who_am_i', 'Tells about the caller'),
  ]);
  index.put(FILES, [
    tool('delete_file', 'Removes a file for good'),
    tool('list_files', 'Lists what is in a folder; not the weather'),
  ]);
});

const find = (text: string, limit = 10) =>
  index.find({ text, limit, admits: everything }).map((found) => found.tool.name);
const best = (text: string) => find(text)[0];

describe('the index of tools', () => {
  it.each([
    ['forecast', 'get_forecast'],
    ['forecasting', 'get_forecast'],
    ['getforecast', 'get_forecast'],
    ['get forcast', 'get_forecast'],
    ['temprature', 'currentTemperature'],
    ['temp', 'currentTemperature'],
    ['what will the weather be in a city', 'get_forecast'],
    ['removing files', 'delete_file'],
    ['trondheim', 'get_forecast'],
    ['who am i', 'who_am_i'],
    ['folders', 'list_files'],
    ['erase a document', 'delete_file'],
    ['what is in this directory', 'list_files'],
  ])('finds for %j first %s', (text, expected) => {
    expect(best(text)).toBe(expected);
  });

  it('finds tools by the name, path and tags of their server', () => {
    expect(find('climate')).toEqual(
      expect.arrayContaining(['get_forecast', 'currentTemperature', 'who_am_i']),
    );
  });

  it('finds nothing for words that are nowhere, and for no words', () => {
    expect(find('xylophone')).toEqual([]);
    expect(find('?!')).toEqual([]);
  });

  it('puts what matches all words before what matches one', () => {
    expect(best('delete file')).toBe('delete_file');
    expect(best('list file')).toBe('list_files');
  });

  it('prefers a tool whose server has more of what was asked for, as far as the asker sees it', () => {
    index.put(server('/one', 'One'), [tool('print_label')]);
    index.put(server('/two', 'Two'), [tool('print_label'), tool('track_parcel')]);
    const first = (admits: (path: string, name: string) => boolean) =>
      index
        .find({ text: 'print, then track the parcel', limit: 5, admits })
        .find((found) => found.tool.name === 'print_label')?.path;
    expect(first(everything)).toBe('/two');
    expect(first((_path, name) => name !== 'track_parcel')).toBe('/one');
  });

  it('says which words matched where', () => {
    const reasonsFor = (text: string) =>
      index.find({ text, limit: 1, admits: everything })[0]?.reasons;
    expect(reasonsFor('rain forecasts')).toEqual([
      '"forecasts" in the name',
      '"forecasts" (akin to "weather") in the server',
      '"rain", "forecasts" (akin to "predict") in the description',
    ]);
    expect(reasonsFor('temprature')).toEqual(['"temprature" (close to "temperatur") in the name']);
    expect(reasonsFor('erase')).toEqual([
      '"erase" (akin to "delete") in the name',
      '"erase" (akin to "remove") in the description',
    ]);
    expect(reasonsFor('trond')).toEqual([
      '"trond" (beginning of "trondheim") in the descriptions of parameters',
    ]);
  });

  it('leaves out what the asker may not see before it counts', () => {
    const admits = (path: string, name: string) => path === '/files' && name !== 'delete_file';
    const found = index.find({ text: 'weather file', limit: 1, admits });
    expect(found.map((each) => each.tool.name)).toEqual(['list_files']);
  });

  it('reads nothing of other servers anew when one changes', () => {
    const reads: string[] = [];
    const watched = (name: string): Tool => ({
      name,
      get description() {
        reads.push(name);
        return `Does ${name}`;
      },
      inputSchema: { type: 'object' },
    });
    index.put(FILES, [watched('copy_file')]);
    index.put(WEATHER, [watched('measure')]);
    reads.length = 0;
    index.put(WEATHER, [watched('observe')]);
    expect(reads).not.toContain('copy_file');
    expect(best('copy file')).toBe('copy_file');
  });

  it('follows what changes', () => {
    index.put(FILES, [tool('list_files', 'Lists what is in an archive'), tool('move_file')]);
    expect(find('folder')).toEqual([]);
    expect(best('archive')).toBe('list_files');
    expect(find('delete')).toEqual([]);
    expect(best('move')).toBe('move_file');
    index.remove('/files');
    expect(find('move archive')).toEqual([]);
    expect(index.paths()).toEqual(['/weather']);
  });

  it('gives the tool as it was put last, although its words are the same', () => {
    const changed = { ...tool('get_forecast'), annotations: { readOnlyHint: true } };
    index.put(WEATHER, [changed]);
    index.put(WEATHER, [{ ...changed, annotations: { readOnlyHint: false } }]);
    const [found] = index.find({ text: 'forecast', limit: 1, admits: everything });
    expect(found?.tool.annotations).toEqual({ readOnlyHint: false });
  });

  it('keeps tools apart that a server names alike', () => {
    index.put(FILES, [tool('same', 'first'), tool('same', 'second')]);
    expect(find('same')).toEqual(['same', 'same']);
    index.put(FILES, [tool('same', 'second')]);
    expect(find('first')).toEqual([]);
  });

  it('takes words that objects have a meaning for', () => {
    const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];
    index.put(
      FILES,
      names.map((name) => tool(name, name)),
    );
    for (const name of names) expect(find(name)).toContain(name);
  });

  it('is after any changes as if only the last had been made', () => {
    const word = fc.constantFrom('rain', 'snow', 'list', 'files', 'a_b', '', '€', '__proto__');
    const some = fc.record({
      name: fc.oneof(word, fc.string()),
      description: fc.oneof(word, fc.string()),
      inputSchema: fc.oneof(
        fc.constant({}),
        fc.record({ properties: fc.anything() }),
        fc.record({ properties: fc.dictionary(word, fc.record({ description: fc.anything() })) }),
      ),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(some, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        word,
        (lists, text) => {
          const changed = createToolIndex();
          for (const list of lists) changed.put(FILES, list);
          const fresh = createToolIndex();
          fresh.put(FILES, lists.at(-1) ?? []);
          const query = { text, limit: 10, admits: everything };
          const names = (of: ToolIndex) =>
            of
              .find(query)
              .map((found) => found.tool.name)
              .sort();
          expect(names(changed)).toEqual(names(fresh));
        },
      ),
    );
  });
});
