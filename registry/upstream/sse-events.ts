/** One event of a `text/event-stream` (WHATWG HTML, section 9.2). */
export interface SseEvent {
  readonly event: string;
  readonly data: string;
}

/** Reads a stream event by event; leaving the loop cancels the stream. */
export async function* readSseEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<SseEvent> {
  const decoder = new TextDecoder();
  /** Of the line that has not ended: long ones come in thousands of pieces, none of which is looked at twice. */
  let begun = '';
  let heldBack = '';
  let event = '';
  let data: string[] = [];
  for await (const chunk of body) {
    const text = heldBack + decoder.decode(chunk, { stream: true });
    // A carriage return at the end may be half of a line end.
    heldBack = text.endsWith('\r') ? '\r' : '';
    const lines = text.slice(0, text.length - heldBack.length).split(/\r\n|\n|\r/);
    lines[0] = begun + (lines[0] ?? '');
    begun = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0)
          yield { event: event === '' ? 'message' : event, data: data.join('\n') };
        event = '';
        data = [];
        continue;
      }
      const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (field === 'event') event = value;
      if (field === 'data') data.push(value);
    }
  }
}
