/** What the gateway needs to know in order to route a demo server. */
export interface DemoRegistration {
  readonly path: string;
  readonly name: string;
  readonly url: string;
  readonly transport: 'streamable-http' | 'sse';
  readonly description: string;
  readonly tags: readonly string[];
}

export interface DemoServer {
  readonly registration: DemoRegistration;
  readonly port: number;
  readonly program: 'time' | 'everything';
  readonly args: readonly string[];
}

/** The bundled demo servers, on three ports in a row of `host`. */
export function demoServers(host = '127.0.0.1', firstPort = 8101): readonly DemoServer[] {
  const origin = (index: number) => `http://${host}:${firstPort + index}`;
  return [
    {
      registration: {
        path: '/time',
        name: 'Time',
        url: `${origin(0)}/mcp`,
        transport: 'streamable-http',
        description: 'Tells the time in any time zone and converts between them',
        tags: ['demo', 'time'],
      },
      port: firstPort,
      program: 'time',
      args: ['--host', host, '--port', String(firstPort)],
    },
    {
      registration: {
        path: '/everything',
        name: 'Everything',
        url: `${origin(1)}/mcp`,
        transport: 'streamable-http',
        description: 'The reference server that exercises every feature of the protocol',
        tags: ['demo', 'reference'],
      },
      port: firstPort + 1,
      program: 'everything',
      args: ['streamableHttp'],
    },
    {
      registration: {
        path: '/everything-sse',
        name: 'Everything over SSE',
        url: `${origin(2)}/sse`,
        transport: 'sse',
        description: 'The same reference server over the older HTTP+SSE transport',
        tags: ['demo', 'reference', 'sse'],
      },
      port: firstPort + 2,
      program: 'everything',
      args: ['sse'],
    },
  ];
}
