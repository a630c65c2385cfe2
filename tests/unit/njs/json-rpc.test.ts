import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import jsonRpc from '../../../nginx/njs/json-rpc.js';
import { brokenTexts, objectTexts } from '../../fixtures/json-texts.js';
import { possibleReadings } from '../../fixtures/strict-json.js';

const read = (text: string) => jsonRpc.read(Buffer.from(text), text);
const CALL =
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{}}}';

describe('a message', () => {
  it.each([
    CALL,
    `  ${CALL.replaceAll(':', ' : ')}\n`,
    '{"jsonrpc":"2.0","method":"ping","id":"a"}',
    '{"id": -0.50e-07, "method":"x","params":{"a":[0,-0,10,1.05,1e05,1E+400,-1.5]}}',
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

describe('what is let through', () => {
  it('has one method and one name, whatever the text looks like and whoever reads it', () => {
    let passed = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 3, arbitrary: objectTexts }, brokenTexts), (text) => {
        const { message } = read(text) as { message?: Message };
        if (message === undefined) return;
        passed += 1;
        const { methods, names } = possibleReadings(text);
        expect(methods).toEqual(asJson(message.method));
        expect(names).toEqual(asJson(message.params?.name));
      }),
      { numRuns: 50_000 },
    );
    // Else it would say little.
    expect(passed).toBeGreaterThan(5000);
  });
});

interface Message {
  readonly method?: string;
  readonly params?: { readonly name?: unknown };
}

/** The one thing that the reference may see; what is no text is not compared any further. */
function asJson(value: unknown): unknown[] {
  if (value === undefined) return [];
  return [typeof value === 'string' ? { kind: 'string', text: value } : expect.anything()];
}
