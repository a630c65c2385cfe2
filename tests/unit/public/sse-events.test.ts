import { describe, expect, it } from '@jest/globals';
import { createSseReader } from '../../../public/api/sse-events.js';

describe('createSseReader', () => {
  const text =
    ': hello\r\nevent: progress\r\ndata: {"progress":1}\r\n\r\ndata: a\ndata:b\n\nevent: x\n\n';
  const events = [
    { event: 'progress', data: '{"progress":1}' },
    { event: 'message', data: 'a\nb' },
  ];

  it('reads events from one piece', () => {
    expect(createSseReader()(text)).toEqual(events);
  });

  it('reads them from single characters', () => {
    const read = createSseReader();
    expect(Array.from(text).flatMap((character) => read(character))).toEqual(events);
  });

  it('gives nothing for what has not ended', () => {
    expect(createSseReader()('data: half')).toEqual([]);
  });
});
