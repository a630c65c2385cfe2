import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parseServerPath, type ServerPath } from '../../../registry/catalog/server-path.js';
import { createGatewayToolCaller } from '../../../registry/operations/gateway-tool-caller.js';
import type { ToolCall } from '../../../registry/operations/tool-caller.js';

const open: Server[] = [];

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closeAll(): Promise<void> {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function weather(): ServerPath {
  const path = parseServerPath('/weather');
  if (!path.ok) throw new Error(path.problem);
  return path.value;
}

const call = (transport: ToolCall['transport']): ToolCall => ({
  path: weather(),
  transport,
  tool: 'rain',
  arguments: {},
  timeoutSeconds: 5,
});

describe('the gateway tool caller', () => {
  afterEach(closeAll);

  it.each(['streamable-http', 'sse'] as const)(
    'says that the gateway is not there (%s)',
    async (transport) => {
      const gatewayUrl = await listen(() => undefined);
      await closeAll();
      const calling = createGatewayToolCaller({ gatewayUrl }).call(call(transport));
      await expect(calling).rejects.toMatchObject({ code: 'gateway-unavailable' });
    },
  );

  it.each([
    ['streamable-http', 502, 'upstream-unreachable'],
    ['streamable-http', 504, 'upstream-unreachable'],
    ['streamable-http', 403, 'tool-call-failed'],
    ['sse', 502, 'upstream-unreachable'],
    ['sse', 403, 'tool-call-failed'],
  ] as const)('tells over %s an answer of %i as %s', async (transport, status, code) => {
    const paths: (string | undefined)[] = [];
    const gatewayUrl = await listen((req, res) => {
      paths.push(req.url);
      res.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
    const calling = createGatewayToolCaller({ gatewayUrl }).call(call(transport));
    await expect(calling).rejects.toMatchObject({ code });
    expect(new Set(paths)).toEqual(new Set([`/weather/${transport === 'sse' ? 'sse' : 'mcp'}`]));
  });
});
