import { beforeEach, describe, expect, it } from '@jest/globals';
import { discoveryOf } from '../fakes/fake-monitor.js';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await createTestRegistry();
});

describe('configurations for clients', () => {
  it('are offered for the known hosts', async () => {
    const call = await callAs(registry, 'read');
    const answer = await call('get', '/api/clients');
    const { hosts } = answer.body as { readonly hosts: readonly { readonly id: string }[] };
    expect(hosts.map(({ id }) => id)).toEqual(
      'cursor vscode claude-code claude-desktop windsurf codex gemini json curl'.split(' '),
    );
  });

  it('are made from the public URL and what is known of the server', async () => {
    const call = await callAs(registry, 'admin');
    await call('post', '/api/servers').send(WEATHER);
    registry.monitor.setDiscovery('/weather', discoveryOf(WEATHER.url, ['rain']));
    const answer = await call('get', '/api/clients/curl').query({ server: '/weather' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      host: 'curl',
      title: 'curl',
      language: 'shell',
      placeholder: 'YOUR_GATEWAY_TOKEN',
      notes: expect.arrayContaining([expect.stringContaining('/weather is disabled')]),
    });
    const { text } = answer.body as { readonly text: string };
    expect(text).toContain('https://gateway.example.com/weather/mcp');
    expect(text).toContain('tools/list');
    await call('post', '/api/servers/weather/enable');
    const enabled = await call('get', '/api/clients/cursor').query({ server: 'weather' });
    expect(JSON.stringify(enabled.body)).not.toContain('disabled');
    expect(enabled.body).toMatchObject({ file: '~/.cursor/mcp.json', language: 'json' });
  });

  it('are refused for unknown hosts and servers, and without a server', async () => {
    const call = await callAs(registry, 'admin');
    await call('post', '/api/servers').send(WEATHER);
    const get = async (host: string, query: object) => {
      const answer = await call('get', `/api/clients/${host}`).query(query);
      return [answer.status, (answer.body as { readonly code: string }).code];
    };
    expect(await get('emacs', { server: '/weather' })).toEqual([404, 'host-not-found']);
    expect(await get('cursor', { server: '/none' })).toEqual([404, 'server-not-found']);
    expect(await get('cursor', {})).toEqual([422, 'validation-failed']);
  });
});
