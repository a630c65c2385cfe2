import { describe, expect, it } from '@jest/globals';
import { CLIENT_HOSTS } from '../../../../registry/catalog/clients/client-hosts.js';
import {
  clientTarget,
  type ClientTarget,
} from '../../../../registry/catalog/clients/client-target.js';
import { serverInputSchema, type Server } from '../../../../registry/catalog/server.js';
import { readGuide } from '../../../fixtures/client-guides.js';

type Facts = Pick<Server, 'path' | 'name' | 'transport' | 'access' | 'auth'>;
const facts = (more: object = {}): Facts => ({
  ...serverInputSchema.parse({ name: "Bob's weather", path: '/team/my_weather', url: 'http://w/' }),
  auth: { type: 'none' },
  ...more,
});

const PUBLIC_URL = 'https://gw.example.com:8443';
const target = (more: object = {}, found?: Parameters<typeof clientTarget>[1]): ClientTarget =>
  clientTarget(facts(more), found, PUBLIC_URL);
const HTTP = target({}, { transport: 'streamable-http', era: 'legacy' });
const MODERN = target({}, { transport: 'streamable-http', era: 'modern' });
const SSE = target({}, { transport: 'sse', era: 'legacy' });
const OPEN = target({ access: 'public' });
const PASSED = target({ auth: { type: 'pass-through', from: 'X-Key', to: 'Authorization' } });

const read = (id: string, text: string) => {
  const reader = readGuide[id];
  if (reader === undefined) throw new Error(`no reader for ${id}`);
  return reader(text);
};

describe.each(CLIENT_HOSTS)('$title', ({ id, guide }) => {
  it('is told the URL of the gateway and the header with the token', () => {
    const { text } = guide(HTTP);
    const found = read(id, text);
    expect(found.url).toBe(`${PUBLIC_URL}/team/my_weather/mcp`);
    expect(found.transport).toBe('streamable-http');
    expect(found.headers.Authorization).toBe('Bearer YOUR_GATEWAY_TOKEN');
    expect(id === 'curl' ? 'team-my-weather' : found.name).toBe('team-my-weather');
  });

  it('is told where the event stream of an HTTP+SSE server is', () => {
    const found = read(id, guide(SSE).text);
    expect([found.url, found.transport]).toEqual([`${PUBLIC_URL}/team/my_weather/sse`, 'sse']);
    expect(found.headers.Authorization).toBe('Bearer YOUR_GATEWAY_TOKEN');
  });

  it('is told of no token where none is needed', () => {
    const { text, placeholder, installUrl = '' } = guide(OPEN);
    expect(placeholder).toBeUndefined();
    expect(read(id, text).headers).not.toHaveProperty('Authorization');
    expect(text + decodeURIComponent(installUrl)).not.toMatch(/bearer|token/i);
  });

  it('is told of the header that the gateway passes on', () => {
    const { text, notes } = guide(PASSED);
    expect(read(id, text).headers).toMatchObject({
      Authorization: 'Bearer YOUR_GATEWAY_TOKEN',
      'X-Key': 'YOUR_CREDENTIAL',
    });
    expect(notes.join(' ')).toContain('X-Key');
  });

  it('names its placeholder exactly when the text has it', () => {
    for (const each of [HTTP, MODERN, SSE, OPEN, PASSED]) {
      const { text, placeholder } = guide(each);
      expect(placeholder !== undefined).toBe(text.includes('YOUR_GATEWAY_TOKEN'));
    }
  });
});

const guideOf = (id: string, of: ClientTarget) => {
  const host = CLIENT_HOSTS.find((each) => each.id === id);
  if (host === undefined) throw new Error(id);
  return host.guide(of);
};

describe('install links', () => {
  it('of Cursor hold the configuration in base64, and no token', () => {
    const url = new URL(guideOf('cursor', HTTP).installUrl ?? '');
    expect(`${url.protocol}//${url.host}${url.pathname}`).toBe(
      'cursor://anysphere.cursor-deeplink/mcp/install',
    );
    expect(url.searchParams.get('name')).toBe('team-my-weather');
    const config = Buffer.from(url.searchParams.get('config') ?? '', 'base64').toString('utf8');
    expect(JSON.parse(config)).toEqual({
      url: HTTP.url,
      headers: { Authorization: 'Bearer ${env:MCP_TEAM_MY_WEATHER_TOKEN}' },
    });
  });

  it('of VS Code hold the configuration as encoded JSON that asks for the token', () => {
    const [head, query = ''] = (guideOf('vscode', HTTP).installUrl ?? '').split('?');
    expect(head).toBe('vscode:mcp/install');
    expect(JSON.parse(decodeURIComponent(query))).toEqual({
      name: 'team-my-weather',
      type: 'http',
      url: HTTP.url,
      headers: { Authorization: 'Bearer ${input:team-my-weather-token}' },
      inputs: [
        {
          type: 'promptString',
          id: 'team-my-weather-token',
          description: "Token of the gateway for Bob's weather",
          password: true,
        },
      ],
    });
  });
});

describe('the bridge for Claude Desktop', () => {
  it('is given leave for plain HTTP only where it needs it', () => {
    const at = (publicUrl: string) =>
      guideOf('claude-desktop', clientTarget(facts(), undefined, publicUrl)).text;
    expect(at('http://gateway.lan:8080')).toContain('--allow-http');
    expect(at('http://localhost:8080')).not.toContain('--allow-http');
    expect(at(PUBLIC_URL)).not.toContain('--allow-http');
  });
});

describe('curl', () => {
  it('lists tools without a session where the server is modern, else begins one', () => {
    const modern = read('curl', guideOf('curl', MODERN).text);
    expect(modern.headers).toMatchObject({
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/list',
    });
    expect(JSON.parse(modern.body ?? '')).toMatchObject({ method: 'tools/list' });
    const legacy = read('curl', guideOf('curl', HTTP).text);
    expect(JSON.parse(legacy.body ?? '')).toMatchObject({ method: 'initialize' });
  });
});
