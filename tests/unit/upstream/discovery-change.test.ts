import { describe, expect, it } from '@jest/globals';
import type { Discovery } from '../../../registry/catalog/discovery.js';
import {
  compareDiscoveries,
  isSameDiscovery,
} from '../../../registry/upstream/discovery-change.js';

function discoveryWith(tools: Discovery['tools'], toolsFetchedAt = '2026-01-01'): Discovery {
  return {
    of: 'http://h/',
    endpoint: { url: 'http://h/', transport: 'streamable-http' },
    era: 'legacy',
    capabilities: ['tools'],
    tools,
    prompts: [],
    resources: [],
    warnings: [],
    toolsFetchedAt,
  };
}

describe('the change between two discoveries', () => {
  it('names what was added, removed and changed, however deep', () => {
    const before = discoveryWith([
      { name: 'same', inputSchema: { type: 'object', required: [] } },
      { name: 'deep', inputSchema: { properties: { a: { enum: [1] } } } },
      { name: 'gone', inputSchema: {} },
    ]);
    const after = discoveryWith([
      { name: 'new', inputSchema: {} },
      { name: 'deep', inputSchema: { properties: { a: { enum: [1, 2] } } } },
      { name: 'same', inputSchema: { required: [], type: 'object' } },
    ]);
    expect(compareDiscoveries(before, after).tools).toEqual({
      added: ['new'],
      removed: ['gone'],
      changed: ['deep'],
    });
  });

  it('is none between two listings of the same', () => {
    const tools = [{ name: 'a', inputSchema: {} }];
    expect(isSameDiscovery(discoveryWith(tools), discoveryWith(tools, '2026-02-02'))).toBe(true);
    expect(isSameDiscovery(discoveryWith(tools), discoveryWith([]))).toBe(false);
    expect(isSameDiscovery(undefined, discoveryWith([]))).toBe(false);
  });
});
