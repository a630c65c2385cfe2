import { describe, expect, it } from '@jest/globals';
import { namespaceOf, publishedName } from '../../../../registry/catalog/publish/published-name.js';
import { serverJson } from '../../../../registry/catalog/publish/server-json.js';

const PUBLIC_URL = 'https://gateway.example.com';

describe('the name of a published server', () => {
  it.each([
    ['https://gateway.example.com', 'com.example.gateway'],
    ['https://gateway.example.com.:8443', 'com.example.gateway'],
    ['http://localhost:8080', 'local.localhost'],
    ['http://gateway:8080', 'local.gateway'],
    ['http://127.0.0.1:8080', 'local.127-0-0-1'],
    ['http://[2001:db8::1]:8080', 'local.2001-db8-1'],
  ])('of the gateway %s begins with %s', (url, namespace) => {
    expect(namespaceOf(url)).toBe(namespace);
  });

  it('has one slash and at most 200 characters, and differs with the path', () => {
    expect(publishedName('/team/weather', PUBLIC_URL)).toBe('com.example.gateway/team.weather');
    const host = `${'a'.repeat(60)}.`.repeat(4);
    const path = `/${'b'.repeat(127)}`;
    const name = publishedName(path, `https://${host}example`);
    expect(name).toHaveLength(200);
    expect(name).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
  });
});

describe('a published server', () => {
  const server = { path: '/w' as never, name: 'W', description: '', revision: 7 };
  const target = { url: `${PUBLIC_URL}/w/mcp`, transport: 'streamable-http', headers: [] } as const;

  it('has a description, also where nobody wrote one, of at most 100 characters', () => {
    const described = (description: string) =>
      serverJson({ ...server, description }, target, PUBLIC_URL).description;
    expect(described('')).toBe('W');
    expect(described('two\n lines')).toBe('two lines');
    expect(Array.from(described('🌧'.repeat(200)))).toHaveLength(100);
  });

  it('asks for the token of the gateway, and for what the gateway passes on', () => {
    const headers = [
      { name: 'Authorization', carries: 'token' },
      { name: 'X-Key', carries: 'credential' },
    ] as const;
    const { remotes } = serverJson(server, { ...target, headers }, PUBLIC_URL);
    expect(remotes[0]?.headers).toMatchObject([
      { name: 'Authorization', value: 'Bearer {token}', isRequired: true, isSecret: true },
      { name: 'X-Key', isRequired: true, isSecret: true },
    ]);
  });
});
