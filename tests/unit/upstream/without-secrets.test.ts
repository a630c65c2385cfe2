import { describe, expect, it } from '@jest/globals';
import type { Listed } from '../../../registry/upstream/discover.js';
import {
  listedWithoutSecrets,
  withoutSecrets,
} from '../../../registry/upstream/without-secrets.js';

const SECRET = 'k/y+0123456789==';
const sent = (headers: Readonly<Record<string, string>>) => ({ headers, url: 'http://a/' });

describe('a text without secrets', () => {
  it.each([
    ['a bearer token', { authorization: `Bearer ${SECRET}` }, `it was Bearer ${SECRET}.`],
    ['a bare token', { authorization: `Bearer ${SECRET}` }, `it was ${SECRET}.`],
    ['a token in a URL', { 'x-key': SECRET }, `see /?k=${encodeURIComponent(SECRET)}&x=1`],
    [
      'a password',
      { authorization: `Basic ${Buffer.from(`jane:${SECRET}`).toString('base64')}` },
      `jane has ${SECRET}`,
    ],
    [
      'a Basic credential in a URL',
      { authorization: `Basic ${Buffer.from('jane:open').toString('base64')}` },
      `see /?${encodeURIComponent(`Basic ${Buffer.from('jane:open').toString('base64')}`)}`,
    ],
  ])('has not %s', (_what, headers, text) => {
    const rest = withoutSecrets(text, sent(headers));
    expect(rest).toContain('[redacted]');
    expect(rest).not.toMatch(/0123456789|amFuZTpvcGVu|open/);
  });

  it('has nothing of the query of the address that was asked', () => {
    const url = `http://a/mcp?appId=weather&apiKey=${encodeURIComponent(SECRET)}`;
    const text = `${url}. It knows no ${SECRET} of "${url}", (${url})`;
    const shown = 'http://a/mcp?appId=[set]&apiKey=[set]';
    expect(withoutSecrets(text, { headers: {}, url })).toBe(
      `${shown}. It knows no [redacted] of "${shown}", (${shown})`,
    );
  });

  it('keeps what is too short to be one', () => {
    expect(withoutSecrets('a b c', sent({ 'x-key': 'b' }))).toBe('a b c');
  });
});

describe('a listing without secrets', () => {
  const listed = (text: string): Listed => ({
    protocolVersion: '2025-11-25',
    serverInfo: { name: text, version: '1', title: text },
    instructions: text,
    capabilities: ['tools'],
    tools: [
      {
        name: 'weather',
        title: text,
        description: text,
        inputSchema: { type: 'object', properties: { city: { description: text, minimum: 7 } } },
      },
    ],
    prompts: [{ name: 'weather', description: text }],
    resources: [{ uri: 'file:///weather', name: 'weather', description: text }],
    warnings: [text],
  });

  it('has them nowhere', () => {
    const headers = { authorization: `Bearer ${SECRET}` };
    expect(listedWithoutSecrets(listed(`seen: ${SECRET}`), sent(headers))).toEqual(
      listed('seen: [redacted]'),
    );
  });

  it('keeps names by which something is asked for', () => {
    const found = listedWithoutSecrets(listed('the weather!'), sent({ 'x-tenant': 'weather' }));
    expect(found).toEqual(listed('the weather!'));
    const { tools } = listedWithoutSecrets(listed('x'), sent({ 'x-tenant': 'weather service' }));
    expect(tools.map(({ name }) => name)).toEqual(['weather']);
  });

  it('is the same without a credential', () => {
    const found = listed('x');
    expect(listedWithoutSecrets(found, sent({}))).toBe(found);
  });
});
