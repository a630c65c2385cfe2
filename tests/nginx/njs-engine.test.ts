import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import jsonRpc from '../../nginx/njs/json-rpc.js';
import { brokenTexts, objectTexts } from '../fixtures/json-texts.js';
import { startNjsEngine, type NjsEngine } from '../fixtures/njs-engine.js';

interface Read {
  readonly problem?: string;
  readonly message?: { readonly method?: unknown; readonly params?: { readonly name?: unknown } };
}

/**
 * Whether a message is let through, and what the gate takes for its method and its name, in bytes. Its text is run by njs
 * as well, so it is written in what njs 0.7 knows.
 */
function readingOf(read: Read): object {
  const hex = (value: unknown) =>
    typeof value === 'string' ? Buffer.from(value).toString('hex') : typeof value;
  const message = read.message;
  if (message === undefined) return { problem: read.problem };
  const params = message.params ?? {};
  return {
    method: hex(message.method),
    name: hex(params.name),
    keys: Object.keys(message).map(hex).sort(),
  };
}

let engine: NjsEngine;

beforeAll(async () => {
  engine = await startNjsEngine(`(r) => (${readingOf.toString()})(jsonRpc.read(
    r.requestBuffer === undefined ? Buffer.from('') : r.requestBuffer,
    r.requestText === undefined ? '' : r.requestText))`);
});

afterAll(() => engine.close());

const inNode = (body: Buffer) => readingOf(jsonRpc.read(body, body.toString()));

describe('the engine of nginx reads as Node does', () => {
  it('what is valid, and what is nearly valid', async () => {
    const texts = fc.oneof(objectTexts, brokenTexts);
    const bodies = fc.sample(texts, 6000).map((text) => Buffer.from(text));
    await expectSame(bodies);
  });

  it('bytes that are not UTF-8', async () => {
    const changed = fc
      .tuple(objectTexts, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 3 }))
      .map(([text, at, bytes]) => {
        const body = Buffer.from(text);
        const start = at % (body.length + 1);
        return Buffer.concat([body.subarray(0, start), bytes, body.subarray(start)]);
      });
    await expectSame(fc.sample(changed, 2000));
  });
});

describe('the engine of nginx', () => {
  const nested = (depth: number) =>
    Buffer.from(`{"method":"ping","params":${'{"a":'.repeat(depth - 1)}1${'}'.repeat(depth)}`);

  it.each(['00', '01', '-01', '1.', '.5', '-.5', '0.', '01e1', '00.5'])(
    'does not take %s for a number',
    async (text) => {
      for (const value of [text, `[${text}]`, `{"x":1,"a":${text}}`]) {
        const body = Buffer.from(`{"method":"ping","params":{"a":${value}}}`);
        expect(await engine.run(body)).toEqual({ problem: 'the body is not valid JSON' });
      }
    },
  );

  it('reads 32 levels, and says so of more', async () => {
    expect(await engine.run(nested(31))).toMatchObject({ method: '70696e67' });
    for (const depth of [33, 100, 100_000]) {
      expect(await engine.run(nested(depth))).toEqual({
        problem: 'the body is nested deeper than the gate reads',
      });
    }
  });
});

async function expectSame(bodies: readonly Buffer[]): Promise<void> {
  const answers = await Promise.all(bodies.map((body) => engine.run(body)));
  const differing = bodies.flatMap((body, index) => {
    const [node, njs] = [inNode(body), answers[index]];
    return JSON.stringify(node) === JSON.stringify(njs)
      ? []
      : [{ body: body.toString('latin1'), node, njs }];
  });
  expect(differing.slice(0, 5)).toEqual([]);
  const passed = answers.filter((answer) => !Object.hasOwn(answer as object, 'problem'));
  // Else it would say little.
  expect(passed.length).toBeGreaterThan(bodies.length / 20);
}
