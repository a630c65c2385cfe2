import { describe, expect, it } from '@jest/globals';
import { probeCandidates } from '../../../registry/upstream/probe-candidates.js';

const places = (url: string, transport: 'auto' | 'sse' | 'streamable-http') =>
  probeCandidates(url, transport).map((place) => `${place.transport} ${place.url}`);

describe('where a server is looked for', () => {
  it('takes a declared transport at its word', () => {
    expect(places('http://h/x', 'sse')).toEqual(['sse http://h/x']);
    expect(places('http://h/x', 'streamable-http')).toEqual(['streamable-http http://h/x']);
  });

  it('tries the URL as it is given and then below it', () => {
    expect(places('http://h:8000/', 'auto')).toEqual([
      'streamable-http http://h:8000/',
      'sse http://h:8000/',
      'streamable-http http://h:8000/mcp',
      'sse http://h:8000/sse',
    ]);
  });

  it('tries the old transport first where the URL names it', () => {
    expect(places('http://h/sse', 'auto')[0]).toBe('sse http://h/sse');
  });

  it('keeps the query', () => {
    expect(places('http://h/a/?key=1', 'auto')[2]).toBe('streamable-http http://h/a/mcp?key=1');
  });
});
