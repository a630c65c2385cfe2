import { describe, expect, it } from '@jest/globals';
import { TooManyAttemptsError } from '../../../registry/access/login-throttle.js';
import { ERROR_CODES, RegistryError } from '../../../registry/errors.js';
import {
  asRegistryError,
  problemHeaders,
  problemOf,
  PROBLEMS,
} from '../../../registry/http/problem.js';

describe('problems', () => {
  it.each(ERROR_CODES)('tell %s with a status and a title', (code) => {
    const problem = problemOf(new RegistryError(code, 'because'), 'id1');
    expect(problem).toEqual({
      type: 'about:blank',
      title: PROBLEMS[code].title,
      status: PROBLEMS[code].status,
      detail: 'because',
      code,
      requestId: 'id1',
    });
    expect(problem.status).toBeGreaterThanOrEqual(400);
  });

  it('carry the headers that their status demands', () => {
    expect(problemHeaders(new TooManyAttemptsError(7))).toEqual({ 'Retry-After': '7' });
    const challenge = problemHeaders(new RegistryError('authentication-required', 'x'));
    expect(challenge).toEqual({ 'WWW-Authenticate': 'Bearer realm="mcp-gateway-registry"' });
    expect(problemHeaders(new RegistryError('forbidden', 'x'))).toEqual({});
  });

  it.each([
    new Error('canary'),
    'canary',
    undefined,
    null,
    { status: 404 },
    Object.assign(new Error('canary'), { status: 404 }),
  ])('tell nothing of an unexpected %p', (thrown) => {
    const error = asRegistryError(thrown);
    expect(error.code).toBe('internal-error');
    expect(error.message).not.toContain('canary');
  });
});
