export interface SseEvent {
  readonly event: string;
  readonly data: string;
}

/** Cuts text that arrives in pieces into events (HTML, section 9.2.6). Comments and ids are left out. */
export function createSseReader(): (piece: string) => SseEvent[] {
  let rest: string[] = [];
  let event = 'message';
  let data: string[] = [];

  const take = (line: string): SseEvent | undefined => {
    if (line === '') {
      const done = data.length > 0 ? { event, data: data.join('\n') } : undefined;
      event = 'message';
      data = [];
      return done;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
    return undefined;
  };

  return (piece) => {
    // Pieces are joined only when a line ends in them: a result of megabytes is one line.
    if (!piece.includes('\n')) {
      rest.push(piece);
      return [];
    }
    const lines = (rest.join('') + piece).split('\n');
    rest = [lines.pop() ?? ''];
    return lines.flatMap((line) => take(line.replace(/\r$/, '')) ?? []);
  };
}
