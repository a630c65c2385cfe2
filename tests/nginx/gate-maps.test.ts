import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import decision from '../../nginx/njs/decision.js';
import jsonRpc from '../../nginx/njs/json-rpc.js';
import { matches } from '../../registry/access/policy.js';
import { productRoot } from '../../registry/machine.js';
import { brokenTexts, objectTexts } from '../fixtures/json-texts.js';
import { startNjsEngine, type NjsEngine } from '../fixtures/njs-engine.js';
import { possibleReadings } from '../fixtures/strict-json.js';

/** What nginx decides by itself, with expressions, beside what it means. */

const snippet = (name: string) => path.join(productRoot(), 'nginx/snippets', name);

describe('a plain call', () => {
  let engine: NjsEngine;
  beforeAll(async () => {
    engine = await startNjsEngine(
      '(r) => r.variables.plain_call',
      `map "" $asked_at { default /a/mcp; } include ${snippet('plain-call.conf')};`,
    );
  });
  afterAll(() => engine.close());

  type Headers = Readonly<Record<string, string>>;
  const JSON_TYPE: Headers = { 'Content-Type': 'application/json' };
  const headersOf = (version?: string, method?: string, name?: string): Headers => ({
    ...JSON_TYPE,
    ...(version !== undefined && { 'MCP-Protocol-Version': version }),
    ...(method !== undefined && { 'Mcp-Method': method }),
    ...(name !== undefined && { 'Mcp-Name': name }),
  });
  const ask = (body: string | Buffer, headers = JSON_TYPE) =>
    engine.run(Buffer.from(body), headers);
  const call = (params: object, more: object = {}) =>
    JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params, ...more });
  const PLAIN = call({ name: 'echo', arguments: {} });
  const MODERN = '2026-07-28';
  const claims = { _meta: { 'io.modelcontextprotocol/protocolVersion': MODERN } };
  const nested = (depth: number) =>
    call({ name: 'echo', arguments: { a: 0 } }).replace(
      '{"a":0}',
      `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`,
    );

  it.each([
    ['as libraries write it', PLAIN, {}],
    ['in another order', '{"params":{"arguments":{},"name":"echo"},"method":"tools/call"}', {}],
    [
      'with blanks',
      ` {\n"id" : "x" ,\t"method":"tools/call",\r"params" : { "name" : "echo" } } `,
      {},
    ],
    ['of an old revision', PLAIN, headersOf('2025-11-25')],
    ['with a token of progress', call({ name: 'echo', _meta: { progressToken: 7 } }), {}],
    ['with its name in the headers', PLAIN, headersOf('2025-11-25', 'tools/call', 'echo')],
    ['of 2026-07-28', call({ name: 'echo', ...claims }), headersOf(MODERN, 'tools/call', 'echo')],
    [
      'with any arguments',
      call({
        name: 'echo',
        arguments: { é: ['😀', '"\\\n', -1.5e-7, 0, null, true, [], {}, { a: [{}] }], name: 'x' },
      }),
      {},
    ],
    ['in UTF-8', PLAIN, { 'Content-Type': 'application/json; charset=utf-8' }],
    ['of 32 levels', nested(30), {}],
  ])('is one %s', async (_what, body, headers) => {
    expect(await ask(body, { ...JSON_TYPE, ...headers })).toBe('/a/mcp echo');
  });

  it.each([
    ['another method', '{"method":"tools/list","params":{"name":"echo"}}', {}],
    ['a method in another spelling', '{"method":"Tools/call","params":{"name":"echo"}}', {}],
    ['no method', '{"params":{"name":"echo"}}', {}],
    ['no name', '{"method":"tools/call","params":{"arguments":{}}}', {}],
    ['an empty name', '{"method":"tools/call","params":{"name":""}}', {}],
    ['a member twice', PLAIN.replace('"id":1', '"id":1,"id":2'), {}],
    ['a name twice', PLAIN.replace('"name":"echo"', '"name":"echo","name":"echo"'), {}],
    ['an unknown member', call({ name: 'echo', task: {} }), {}],
    ['another name in the header', PLAIN, headersOf(MODERN, 'tools/call', 'delete')],
    ['a longer name in the header', PLAIN, headersOf(MODERN, 'tools/call', 'echo2')],
    ['a longer name in the body', call({ name: 'echo2' }), headersOf(MODERN, 'tools/call', 'echo')],
    ['another method in the header', PLAIN, headersOf(MODERN, 'ping', 'echo')],
    ['a name without a method in the headers', PLAIN, headersOf(undefined, undefined, 'echo')],
    ['a new version without the other headers', PLAIN, headersOf(MODERN)],
    ['a claim to be new without headers', call({ name: 'echo', ...claims }), {}],
    [
      'such a claim in disguise',
      call({ name: 'echo', ...claims }).replace('Version', '\\u0056ersion'),
      {},
    ],
    ['another type', PLAIN, { 'Content-Type': 'text/plain' }],
    ['another charset', PLAIN, { 'Content-Type': 'application/json; charset=utf-16' }],
    ['an encoding', PLAIN, { 'Content-Encoding': 'gzip' }],
    ['33 levels', nested(31), {}],
    ['many levels', nested(100_000), {}],
    ['a comma too much', PLAIN.replace('"id":1,', '"id":1,,'), {}],
    ['a comma at the end', PLAIN.replace('"echo",', '"echo",').replace('{}}}', '{},}}'), {}],
    ['no comma', PLAIN.replace('"id":1,', '"id":1'), {}],
    ['something behind it', `${PLAIN}x`, {}],
    ['nothing', '', {}],
  ])('is none with %s', async (_what, body, headers) => {
    expect(await ask(body, { ...JSON_TYPE, ...headers })).toBe('');
  });

  const tool = fc.constantFrom('echo', 'delete');
  const plainTexts = fc
    .tuple(tool, objectTexts, fc.constantFrom(...['', ' ', '\n']), fc.nat({ max: 3 }), objectTexts)
    .map(([name, given, gap, order, meta]) => {
      const params = [`"name":${gap}"${name}"`, `"arguments":${given}`, `"_meta":${gap}${meta}`];
      const members = ['"jsonrpc":"2.0"', '"method":"tools/call"', `"params":{${params.join()}}`];
      return `${gap}{${[...members.slice(order), ...members.slice(0, order)].join(`${gap},`)}}${gap}`;
    });
  const bitten = fc
    .tuple(plainTexts, fc.nat(), fc.nat({ max: 2 }), brokenTexts, fc.nat({ max: 4 }))
    .map(([text, at, removed, debris, added]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + debris.slice(0, added) + text.slice(start + removed);
    });
  const spoilt = fc
    .tuple(plainTexts, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 3 }))
    .map(([text, at, bytes]) => {
      const body = Buffer.from(text);
      const start = at % (body.length + 1);
      return Buffer.concat([body.subarray(0, start), bytes, body.subarray(start)]);
    });

  it('is never anything but what every reader takes for that call', async () => {
    const bodies = [
      ...fc.sample(plainTexts, 3000),
      ...fc.sample(bitten, 6000),
      ...fc.sample(fc.oneof(objectTexts, brokenTexts), 3000),
    ].map((text) => Buffer.from(text));
    bodies.push(...fc.sample(spoilt, 3000));
    const kinds = [
      undefined,
      { method: 'tools/call', name: 'echo', version: MODERN },
      { method: 'tools/call', name: 'delete', version: '2025-11-25' },
    ];
    let passed = 0;
    const claimedBy = (index: number) => kinds[index % kinds.length];
    const answers = await Promise.all(
      bodies.map((body, index) => {
        const claimed = claimedBy(index);
        return ask(body, headersOf(claimed?.version, claimed?.method, claimed?.name));
      }),
    );
    for (const [index, body] of bodies.entries()) {
      const said = answers[index];
      if (said === '') continue;
      const claimed = claimedBy(index);
      passed += 1;
      const name = String(said).slice('/a/mcp '.length);
      const text = body.toString();
      expect(Buffer.from(text)).toEqual(body);
      expect(possibleReadings(text)).toEqual({
        methods: [{ kind: 'string', text: 'tools/call' }],
        names: [{ kind: 'string', text: name }],
      });
      const read = jsonRpc.read(body, text) as { message?: object };
      expect(read.message).toMatchObject({ method: 'tools/call', params: { name } });
      expect(decision.isAtOdds(read.message, claimed ?? {}, true)).toBe(false);
    }
    // Else it would say little.
    expect(passed).toBeGreaterThan(1000);
  });
});

describe('what a record says for an address', () => {
  let engine: NjsEngine;
  beforeAll(async () => {
    engine = await startNjsEngine(
      '(r) => [r.variables.said, r.variables.gate_principal || ""]',
      `map $request_body $said { include ${snippet('gate-verdicts.conf')}; }`,
    );
  });
  afterAll(() => engine.close());

  const SEAL = '0123456789abcdef'.repeat(2);
  const server = fc.constantFrom('/a', '/a/b', '/ab', '/mcp', '/a/mcp', '/b-c_d');
  const pattern = fc.oneof(
    server,
    server.map((each) => `${each}*`),
    fc.constantFrom('*', '/a/*', '/*'),
  );
  const audience = fc.oneof(
    fc.constant('*'),
    fc.array(server, { minLength: 1, maxLength: 3 }).map((all) => all.join()),
  );
  const record = fc.record({
    stranger: fc.constantFrom('', '', '', '1'),
    at: server,
    audience,
    principal: fc.constantFrom('ann', 'oidc%3A7', 'a%20b', 'refused', 'mcp'),
    open: fc.array(pattern, { maxLength: 3 }),
    end: fc.constantFrom('', '\n', '\n{"rules":[{"servers":["/a"]}]}', '\n/a /a/b\n[" /a"]'),
  });

  it('is what it says', async () => {
    const cases = fc.sample(record, 5000).map((each) => {
      const head = ['4102444800', each.audience, SEAL, each.principal, ...each.open].join(' ');
      const key = `${each.stranger} ${each.at}/mcp ${head}${each.end}`;
      const isMeant = each.audience === '*' || each.audience.split(',').includes(each.at);
      const isOpen = each.open.some((one) => matches(one, each.at));
      const rest = each.end === '' ? 'denied' : 'inspect';
      const own = each.stranger === '1' ? 'stranger' : isOpen ? 'pass' : rest;
      const expected = isMeant ? [own, each.principal] : ['challenge', ''];
      return { key, expected };
    });
    const answers = await Promise.all(cases.map(({ key }) => engine.run(Buffer.from(key))));
    expect(cases.map(({ key }, index) => ({ key, expected: answers[index] }))).toEqual(cases);
  });

  it.each([
    [' /a/mcp challenge', 'challenge'],
    [' /a/mcp learn', 'learn'],
    [' /a/mcp unready', 'unready'],
    ['1 /a/mcp learn', 'learn'],
    [' /a/mcp ', 'challenge'],
    [' /mcp 0 * 0123 ann *', 'challenge'],
    [` /.mcp/dispatch 0 * ${SEAL} ann *`, 'challenge'],
    [` /A/mcp 0 /a ${SEAL} ann *`, 'challenge'],
    [` /a/mcp 0 /A ${SEAL} ann *`, 'challenge'],
    [` /a/mcp 0 * ${SEAL} ann /A`, 'denied'],
    [' /a/mcp 7 refused\n{"refused":true,"expires":7}', 'challenge'],
    [` /a/mcp x 0 * ${SEAL} ann *`, 'challenge'],
    [` /a/mcp\n 0 * ${SEAL} ann *`, 'challenge'],
  ])('is of %j: %s', async (key, expected) => {
    expect(await engine.run(Buffer.from(key))).toEqual([expected, expect.any(String)]);
  });
});
