import { describe, expect, it } from '@jest/globals';
import { urgencyOf } from '../../../registry/gateway/urgency.js';
import { catalogOf } from '../../fixtures/plan-case.js';

const catalog = (...servers: object[]) =>
  catalogOf({
    servers: servers.map((more) => ({
      name: 'a',
      path: '/a',
      url: 'http://h/mcp',
      enabled: true,
      access: 'public',
      ...more,
    })),
  });

describe('a change is brought to nginx', () => {
  it.each([
    ['a server is disabled', catalog({}), catalog({ enabled: false })],
    ['a server is removed', catalog({}), catalog()],
    ['a server moves to another path', catalog({}), catalog({ path: '/b' })],
    ['a server is closed to the public', catalog({}), catalog({ access: 'authenticated' })],
  ])('at once when %s', (_what, before, after) => {
    expect(urgencyOf(before, after)).toBe('at-once');
  });

  it.each([
    ['nothing is different', catalog({}), catalog({})],
    ['a server is added', catalog(), catalog({})],
    ['a server is enabled', catalog({ enabled: false }), catalog({})],
    ['a server is opened', catalog({ access: 'authenticated' }), catalog({})],
    ['a server is described anew', catalog({}), catalog({ description: 'new' })],
    ['a disabled server is removed', catalog({ enabled: false }), catalog()],
  ])('soon when %s', (_what, before, after) => {
    expect(urgencyOf(before, after)).toBe('soon');
  });
});
