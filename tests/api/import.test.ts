import { beforeEach, describe, expect, it } from '@jest/globals';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

let registry: TestRegistry;
let admin: Awaited<ReturnType<typeof callAs>>;
beforeEach(async () => {
  registry = await createTestRegistry();
  admin = await callAs(registry, 'admin');
});
const preview = (value: unknown) =>
  admin('post', '/api/import/preview').send({ text: JSON.stringify(value) });

interface Answer {
  readonly format: string;
  readonly entries: readonly { readonly input?: object; readonly problems: readonly object[] }[];
}

describe('the preview of an import', () => {
  it('gives entries that can be registered, and stores nothing', async () => {
    const headers = { Authorization: 'Bearer hush-hush' };
    const answer = await preview({ mcpServers: { rain: { url: 'http://rain:1/mcp', headers } } });
    expect(answer.status).toBe(200);
    const { format, entries } = answer.body as Answer;
    expect(format).toBe('mcpServers');
    expect(entries).toMatchObject([{ name: 'rain', problems: [], notes: [] }]);
    expect(registry.store.state().catalog.servers.size).toBe(0);
    expect(JSON.stringify(registry.auditLog.entries)).not.toContain('hush-hush');
    const made = await admin('post', '/api/servers').send(entries[0]?.input);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ path: '/rain', enabled: false, auth: { type: 'bearer' } });
  });

  it('takes what the registry shows of its servers, and tells of paths that are taken', async () => {
    await admin('post', '/api/servers').send(WEATHER);
    const shown = await admin('get', '/api/servers');
    const answer = await preview(shown.body);
    expect(answer.body).toMatchObject({
      format: 'export',
      entries: [
        {
          input: { path: '/weather', url: WEATHER.url },
          problems: [{ field: 'path', message: expect.stringContaining('/weather is taken') }],
        },
      ],
    });
    await admin('delete', '/api/servers/weather');
    const again = (await preview(shown.body)).body as Answer;
    expect(again.entries[0]?.problems).toEqual([]);
    const made = await admin('post', '/api/servers').send(again.entries[0]?.input);
    expect(made.status).toBe(201);
  });

  it('tells where the servers of an export were pulled from', async () => {
    const origin = {
      registry: 'https://registry.example.com',
      name: 'org.example/rain',
      status: 'active',
      pulledAt: '2026-01-01T00:00:00.000Z',
    };
    const rain = { name: 'Rain', path: '/rain', url: 'http://rain:1/mcp', origin };
    expect((await preview({ servers: [rain] })).body).toMatchObject({ entries: [{ origin }] });
  });

  it('refuses what is no such file', async () => {
    for (const text of ['{', '{}', '']) {
      const answer = await admin('post', '/api/import/preview').send({ text });
      expect(answer.body).toMatchObject({ status: 422, errors: [{ field: 'text' }] });
    }
  });
});
