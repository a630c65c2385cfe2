import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bytesOf } from '../fixtures/attempt-bytes.js';
import { callOf, type Attempt } from '../fixtures/bypass-attempts.js';
import { startGateStage, type GateStage } from '../fixtures/gate-stage.js';
import { sendBytesSecond } from '../fixtures/raw-socket.js';

/** Calls of a tool that the caller may use go on after a glance, unless something about them is odd. */

let stage: GateStage;

beforeAll(async () => {
  stage = await startGateStage();
});

afterAll(() => stage.close());

type Headers = NonNullable<Attempt['headers']>;

async function call(body: string, headers: Headers = []): Promise<[number, readonly string[]]> {
  const { executed } = stage.servers['SDK 2.x'];
  const before = executed.length;
  const aim = stage.aim('SDK 2.x', 'listed');
  const { status } = await sendBytesSecond(
    aim.origin,
    bytesOf({ does: '', body, headers, answers: [] }, aim),
  );
  return [status, executed.slice(before)];
}

const ECHO = callOf('echo');
const NEW: Headers = [
  ['MCP-Protocol-Version', '2026-07-28'],
  ['Mcp-Method', 'tools/call'],
  ['Mcp-Name', 'echo'],
];
const NEW_ECHO = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name: 'echo',
    arguments: {},
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'c', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
});

describe('a call of a tool that may be called', () => {
  it.each<[string, string, Headers]>([
    ['of an old revision', ECHO, []],
    ['of 2026-07-28', NEW_ECHO, NEW],
    ['with a name that has to be read', ECHO.replace('"echo"', '"ech\\u006f"'), []],
  ])('%s is executed', async (_what, body, headers) => {
    expect(await call(body, headers)).toEqual([200, ['echo']]);
  });

  it.each<[string, string, Headers, number]>([
    ['another name beside its own', NEW_ECHO, [...NEW, ['Mcp-Name', 'delete']], 400],
    ['the same name twice', NEW_ECHO, [...NEW, ['Mcp-Name', 'echo']], 400],
    ['another name in disguise', NEW_ECHO, [...NEW, ['Mcp_Name', 'delete']], 400],
    ['another name in disguise before it', NEW_ECHO, [['Mcp_Name', 'echo'], ...NEW], 400],
    ['another method beside its own', NEW_ECHO, [...NEW, ['Mcp-Method', 'ping']], 400],
    ['another method in disguise', NEW_ECHO, [...NEW, ['Mcp_Method', 'ping']], 400],
    [
      'headers in disguise alone',
      ECHO,
      [
        ['Mcp_Method', 'tools/call'],
        ['Mcp_Name', 'echo'],
      ],
      400,
    ],
    [
      'an empty method and another',
      ECHO,
      [
        ['Mcp-Method', ''],
        ['Mcp-Method', 'ping'],
      ],
      400,
    ],
    [
      'an empty name and another',
      ECHO,
      [
        ['Mcp-Name', ''],
        ['Mcp-Name', 'delete'],
      ],
      400,
    ],
    [
      'an empty encoding and another',
      ECHO,
      [
        ['Content-Encoding', ''],
        ['Content-Encoding', 'br'],
      ],
      415,
    ],
    [
      'a name that is not the body’s',
      NEW_ECHO.replace('"name":"echo"', '"name":"delete"'),
      NEW,
      400,
    ],
  ])('is not executed with %s', async (_what, body, headers, status) => {
    expect(await call(body, headers)).toEqual([status, []]);
  });
});
