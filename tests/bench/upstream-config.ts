import { LARGE_WANTED, SESSION_WANTED } from './calls.js';
import { TEMPORARY_PATHS, TOP_LEVEL } from './plain-nginx.js';

/** Quoted for nginx. */
function quoted(message: object): string {
  return `'${JSON.stringify(message).replaceAll('\\', '\\\\')}'`;
}

function toolResult(): object {
  const text = 'Renew it with the job "renew-staging" and restart the ingress. '.repeat(3).trim();
  const result = { content: [{ type: 'text', text }], isError: false, resultType: 'complete' };
  return { jsonrpc: '2.0', id: 7, result };
}

function toolList(): object {
  const names = ['search', 'get', 'list', 'create', 'update', 'delete', 'move', 'share'];
  const tools = names.map((verb) => ({
    name: `${verb}_documents`,
    description: `Allows to ${verb} documents of a space, one or several at once.`,
    inputSchema: {
      type: 'object',
      properties: { query: { type: 'string' }, limit: { type: 'integer', minimum: 1 } },
      required: ['query'],
    },
  }));
  return { jsonrpc: '2.0', id: 7, result: { tools, resultType: 'complete' } };
}

/** What an nginx may have in one word of its configuration is less. */
const FILLING = 'The quick brown fox jumps over the lazy dog. '.repeat(40);
const FILLINGS = 56;

/** A tool result of 100 kB, with `$filling` in it. */
function largeResult(): object {
  const result = {
    content: [{ type: 'text', text: '$filling'.repeat(FILLINGS) }],
    isError: false,
    resultType: 'complete',
  };
  return { jsonrpc: '2.0', id: 7, result };
}

function variableOf(header: string): string {
  return `$http_${header.toLowerCase().replaceAll('-', '_')}`;
}

/** What a server of 2026-07-28 says of itself. */
function discovery(): object {
  const result = { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } };
  return { jsonrpc: '2.0', id: 1, result: { ...result, resultType: 'complete' } };
}

/** Passes the registry's checks at once, and answers calls as little. */
export function checkedUpstreamConfig(port: number): string {
  return `worker_processes 1;${TOP_LEVEL}
http {${TEMPORARY_PATHS}
    access_log off;
    default_type application/json;
    server {
        listen 127.0.0.1:${port};
        location / {
            return 200 ${quoted(discovery())};
        }
    }
}`;
}

/** Answers a list of tools with one, and all else with the result of a tool call: a small one, unless another is wanted. */
export function upstreamConfig(port: number): string {
  return `worker_processes 1;${TOP_LEVEL}
http {${TEMPORARY_PATHS}
    access_log off;
    keepalive_requests 1000000;
    default_type application/json;
    map "" $filling {
        default '${FILLING}';
    }
    map ${variableOf(LARGE_WANTED)} $called {
        default ${quoted(largeResult())};
        "" ${quoted(toolResult())};
    }
    map $http_mcp_method $answer {
        default $called;
        tools/list ${quoted(toolList())};
    }
    map ${variableOf(SESSION_WANTED)} $session {
        default 2f1d8a60-5c6c-4a39-9c37-0d4b6a3f7e21;
        "" "";
    }
    server {
        listen 127.0.0.1:${port};
        location / {
            add_header Mcp-Session-Id $session;
            return 200 $answer;
        }
    }
}`;
}
