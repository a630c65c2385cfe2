import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { createTestRegistry } from './test-registry.js';

describe('the console', () => {
  it('is where / leads', async () => {
    const { app } = await createTestRegistry();
    const answer = await request(app).get('/');
    expect([answer.status, answer.headers.location]).toEqual([302, '/ui']);
  });

  it.each(['/ui', '/ui/', '/ui/servers/a/b', '/ui/index.html'])(
    'has its page at %s, with a nonce that is good for this answer alone',
    async (path) => {
      const { app } = await createTestRegistry();
      const nonces = await Promise.all([noncesOf(path), noncesOf(path)]);
      expect(new Set(nonces.flat()).size).toBe(2);

      async function noncesOf(at: string) {
        const answer = await request(app).get(at);
        expect([answer.status, answer.type]).toEqual([200, 'text/html']);
        expect(answer.headers['cache-control']).toBe('no-store');
        const policy = answer.headers['content-security-policy'] ?? '';
        const [, allowed] = /style-src 'self' 'nonce-([^']+)'/.exec(policy) ?? [];
        expect(policy).toContain("script-src 'self';");
        expect(policy).not.toContain('unsafe');
        const used = [...answer.text.matchAll(/nonce="([^"]+)"/g)].map(([, nonce]) => nonce);
        expect(used).toEqual([allowed, allowed]);
        return used;
      }
    },
  );

  it('serves files with a hash in their names for ever', async () => {
    const { app } = await createTestRegistry();
    const answer = await request(app).get('/ui/assets/app-0a1b2c3d.js');
    expect([answer.status, answer.type]).toEqual([200, 'text/javascript']);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each([
    ['/ui/assets/none.js', 404],
    ['/ui/assets/..%2f..%2fjwks-issuer.ts', 404],
    ['/ui/..%2fjwks-issuer.ts', 200],
  ])('never serves another file for %s', async (path, status) => {
    const { app } = await createTestRegistry();
    const answer = await request(app).get(path);
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain('import');
  });
});
