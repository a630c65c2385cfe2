import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import jsonRpc from '../../../nginx/njs/json-rpc.js';

const read = (text: string) => jsonRpc.read(Buffer.from(text), text);
const CALL =
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{}}}';

describe('a message', () => {
  it.each([
    CALL,
    `  ${CALL.replaceAll(':', ' : ')}\n`,
    '{"jsonrpc":"2.0","method":"ping","id":"a"}',
    '{"jsonrpc":"2.0","id":1,"result":{"name":"x","name":"y"}}',
    '{"jsonrpc":"2.0","id":1.0,"method":"tools/call","params":{"name":"é\\n","arguments":{"a":1,"a":2,"NAME":3}}}',
    '{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"name":"{\\"a\\":[}"},"other":[{"name":1,"name":2}]}}',
  ])('is read when everybody reads the same: %s', (text) => {
    expect(read(text)).toEqual({ message: JSON.parse(text) as unknown });
  });

  it.each([
    ['', 'not valid JSON'],
    ['{"method":"ping"', 'not valid JSON'],
    ['\ufeff{}', 'not valid JSON'],
    ['null', 'not a JSON-RPC message'],
    ['7', 'not a JSON-RPC message'],
    ['"ping"', 'not a JSON-RPC message'],
    [`[${CALL}]`, 'batches'],
    ['{"method":"ping","method":"tools/call"}', 'twice'],
    ['{"method":"ping","m\\u0065thod":"tools/call"}', 'twice'],
    ['{"method":"tools/call","params":{"name":"echo","name":"delete"}}', 'twice'],
    ['{"method":"tools/call","params":{"name":"echo","n\\u0061me":"delete"}}', 'twice'],
    ['{"method":"tools/call","params":{"name":"echo"},"params":{"name":"delete"}}', 'twice'],
    ['{"method":"tools/call","params":{"name":"echo"},"p\\u0061rams":{"name":"delete"}}', 'twice'],
    ['{"method":"ping","Method":"tools/call"}', 'unusual'],
    ['{"method":"ping","METHOD":"tools/call"}', 'unusual'],
    ['{"method":"tools/call","params":{"name":"echo","Name":"delete"}}', 'unusual'],
    ['{"method":"tools/call","paramſ":{"name":"delete"}}', 'unusual'],
    ['{"method":"tools/call","params":{"name":"echo"},"__proto__":{"method":"ping"}}', 'unusual'],
    ['{"__proto__":{"method":"ping"}}', 'unusual'],
    ['{"method":7}', 'not a string'],
    ['{"method":["ping"]}', 'not a string'],
    ['{"method":"tools/call","params":["delete"]}', 'not an object'],
    ['{"method":"tools/call","params":null}', 'not an object'],
  ])('is refused when it may mean something else to others: %s', (text, reason) => {
    expect(read(text)).toEqual({ problem: expect.stringContaining(reason) });
  });
});

/** JSON text with all the freedom that JSON gives, keys that come twice included. */
const blank = fc.constantFrom('', ' ', '\n', '\t ');
const key = fc.constantFrom(
  'method',
  'params',
  'name',
  'id',
  'jsonrpc',
  'arguments',
  'x',
  '__proto__',
  'Name',
);
const literal = (text: string) =>
  fc.constantFrom(
    JSON.stringify(text),
    JSON.stringify(text).replace(/[a-z]/, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`),
  );
const json = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .constantFrom('tools/call', 'ping', 'echo', 'delete', '"', '\\')
        .map((text) => JSON.stringify(text)),
    },
    fc.constantFrom('1', '1.0', '-0', '1e2', 'true', 'null', '[]', '[1,{"name":"x","name":"y"}]'),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(key.chain(literal), blank, tie('value'), blank), { maxLength: 4 })
    .map(
      (members) =>
        `{${members.map(([name, a, value, b]) => `${a}${name}${b}:${a}${value}${b}`).join(',')}}`,
    ),
}));

/** What readers that keep the first and readers that keep the last of two members see. */
function readings(text: string): unknown[] {
  const last = JSON.parse(text) as Record<string, unknown>;
  const first = JSON.parse(text, function keep(this: unknown, _name, value: unknown) {
    return value;
  }) as Record<string, unknown>;
  return [last, first];
}

describe('what is let through', () => {
  it('has each member that counts once, whatever the text looks like', () => {
    fc.assert(
      fc.property(json.object, (text) => {
        const { message } = read(text) as { message?: Record<string, unknown> };
        if (message === undefined) return;
        expect(readings(text)[0]).toEqual(message);
        const names = keysAtTop(text);
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 50_000 },
    );
  }, 60_000);
});

/** The keys of the outermost object, by a reader of its own. */
function keysAtTop(text: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (depth === 1 && token.endsWith(':')) {
      keys.push(JSON.parse(token.slice(0, -1)) as string);
    }
  }
  return keys;
}
