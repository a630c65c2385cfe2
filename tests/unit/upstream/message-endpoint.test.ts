import { describe, expect, it } from '@jest/globals';
import { messageEndpointOf } from '../../../registry/upstream/message-endpoint.js';

const UUID = '4f1c2c56-9f6b-4c2e-8f6e-2f0f9f0b7a11';

describe('the message endpoint of an HTTP+SSE server', () => {
  it.each([
    ['http://host:8000/sse', '/message?sessionId=1', { kind: 'exact', path: '/message' }],
    ['http://host:8000/base/sse', 'message?s=1', { kind: 'exact', path: '/base/message' }],
    ['http://host:8000/sse', 'http://host:8000/m/?s=1', { kind: 'exact', path: '/m/' }],
    ['http://host:8000/v1/sse', `/v1/messages/${UUID}`, { kind: 'below', path: '/v1/messages/' }],
    ['http://host:8000/sse', `/s/${UUID}/message`, { kind: 'below', path: '/s/' }],
    ['http://host:8000/sse', '/messages/0123456789abcdef', { kind: 'below', path: '/messages/' }],
    ['http://host:8000/sse', '/messages/42', { kind: 'below', path: '/messages/' }],
    ['http://host:8000/sse', '/messages', { kind: 'exact', path: '/messages' }],
    ['http://host:8000/v1/sse', '/v1/messages/', { kind: 'exact', path: '/v1/messages/' }],
  ])('announced at %s as %s', (url, data, expected) => {
    expect(messageEndpointOf(url, data)).toEqual({ ok: true, value: expected });
  });

  it.each(['http://other:8000/m?s=1', 'https://host:8000/m?s=1', '//evil/m?s=1'])(
    'is refused at another origin (%s)',
    (data) => {
      const result = messageEndpointOf('http://host:8000/sse', data);
      expect(result).toMatchObject({ ok: false, problem: expect.stringContaining('origin') });
    },
  );

  it('is refused when it cannot be read', () => {
    expect(messageEndpointOf('http://host/sse', 'http://')).toMatchObject({ ok: false });
  });
});
