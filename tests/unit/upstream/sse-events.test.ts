import { describe, expect, it } from '@jest/globals';
import { readSseEvents } from '../../../registry/upstream/sse-events.js';

async function eventsOf(chunks: readonly string[]): Promise<unknown[]> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  const events: unknown[] = [];
  for await (const event of readSseEvents(stream)) events.push(event);
  return events;
}

describe('an event stream', () => {
  it.each([
    ['line feeds', ['event: endpoint\ndata: /m?s=1\n\n']],
    ['CRLF', ['event: endpoint\r\ndata: /m?s=1\r\n\r\n']],
    ['no blank after the colon', ['event:endpoint\ndata:/m?s=1\n\n']],
    ['chunks in odd places', ['eve', 'nt: endpoint\r', '\nda', 'ta: /m?s=', '1\r\n\r', '\n']],
    ['comments', [': hello\n\nevent: endpoint\n: more\ndata: /m?s=1\n\n']],
  ])('is read with %s', async (_name, chunks) => {
    expect(await eventsOf(chunks)).toEqual([{ event: 'endpoint', data: '/m?s=1' }]);
  });

  it('joins lines of data and leaves out an event that is not complete', async () => {
    expect(await eventsOf(['data: a\ndata: b\n\ndata: c\n'])).toEqual([
      { event: 'message', data: 'a\nb' },
    ]);
  });

  it('is read as fast where a long line comes in many small pieces', async () => {
    const pieces = Array.from({ length: 8192 }, () => 'x'.repeat(1024));
    const events = await eventsOf(['data: ', ...pieces, '\r', '\n\r\n']);
    expect(events).toEqual([{ event: 'message', data: pieces.join('') }]);
  }, 20_000);
});
