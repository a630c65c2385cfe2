import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parseServerPath, type ServerPath } from '../../../../registry/catalog/server-path.js';
import { createGatewayToolCaller } from '../../../../registry/operations/tools/gateway-tool-caller.js';
import { TokenRefused, type ToolCall } from '../../../../registry/operations/tools/tool-caller.js';

const INFO = { name: 'a server', version: '1' };
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
  signal: new AbortController().signal,
});

describe('the gateway tool caller', () => {
  afterEach(closeAll);

  it.each(['streamable-http', 'sse'] as const)(
    'says that the gateway is not there (%s)',
    async (transport) => {
      const gatewayUrl = await listen(() => undefined);
      await closeAll();
      const calling = createGatewayToolCaller({ gatewayUrl, fetch }).call(call(transport));
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
    const calling = createGatewayToolCaller({ gatewayUrl, fetch }).call(call(transport));
    await expect(calling).rejects.toMatchObject({ code });
    expect(new Set(paths)).toEqual(new Set([`/weather/${transport === 'sse' ? 'sse' : 'mcp'}`]));
  });

  it.each([
    ['not-permitted', 403, 'forbidden'],
    ['authentication-required', 401, 'gateway-unavailable'],
    ['gate-not-ready', 503, 'gateway-unavailable'],
    ['server-not-found', 404, 'gateway-unavailable'],
    ['server-disabled', 503, 'server-disabled'],
    ['server-excluded', 503, 'upstream-unreachable'],
    ['upstream-timeout', 504, 'upstream-unreachable'],
    ['https-required', 403, 'tool-call-failed'],
  ])('knows what the gateway means by %s', async (name, status, code) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: null, error: { message: 'It says so.' } });
    const gatewayUrl = await listen((_req, res) => {
      res.writeHead(status, { 'content-type': 'application/json', 'x-gateway-error': name });
      res.end(body);
    });
    for (const transport of ['streamable-http', 'sse'] as const) {
      const calling = createGatewayToolCaller({ gatewayUrl, fetch }).call(call(transport));
      await expect(calling).rejects.toMatchObject({ code });
    }
  });

  it('shows the token, and says so when the gate does not take it', async () => {
    const shown: (string | undefined)[] = [];
    const gatewayUrl = await listen((req, res) => {
      shown.push(req.headers.authorization);
      res.writeHead(401, { 'x-gateway-error': 'authentication-required' }).end('{}');
    });
    const calling = createGatewayToolCaller({ gatewayUrl, fetch }).call({
      ...call('streamable-http'),
      token: 'a token',
    });
    await expect(calling).rejects.toBeInstanceOf(TokenRefused);
    expect(new Set(shown)).toEqual(new Set(['Bearer a token']));
  });

  it('never says so of a call that was taken, whatever comes after it', async () => {
    const asked: string[] = [];
    const gatewayUrl = await listen((req, res) => {
      text(req).then(
        (body) => {
          const { id, method = '' } = (body === '' ? {} : JSON.parse(body)) as {
            readonly id?: number;
            readonly method?: string;
          };
          asked.push(method);
          if (method === 'initialize') {
            const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: INFO };
            res.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 's' });
            res.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
          } else if (method === 'tools/call') {
            res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
          } else if (method === 'notifications/initialized') {
            res.writeHead(202).end();
          } else {
            const refusal = asked.includes('tools/call') ? 'authentication-required' : undefined;
            res.writeHead(refusal ? 401 : 400, refusal && { 'x-gateway-error': refusal }).end('{}');
          }
        },
        () => res.destroy(),
      );
    });
    const late = { ...call('streamable-http'), timeoutSeconds: 1 };
    const calling = createGatewayToolCaller({ gatewayUrl, fetch }).call(late);
    await expect(calling).rejects.toMatchObject({ code: 'tool-call-failed' });
    expect(asked.slice(asked.indexOf('tools/call'))).toContain('notifications/cancelled');
  });
});
