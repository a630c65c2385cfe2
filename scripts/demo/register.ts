import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { demoServers, type DemoRegistration } from './demo-servers.js';

/** What of the API's answers is used here. */
interface Answer {
  readonly publicUrl: string;
  readonly sseUrl?: string;
  readonly transport: string;
  readonly gateway?: { readonly state: string; readonly reason?: string };
  /** Of the gateway itself. */
  readonly state?: string;
  readonly code?: string;
  readonly detail?: string;
}

const SERVED_WITHIN_MS = 15_000;

interface Api {
  readonly url: string;
  readonly token: string;
}

async function call({ url, token }: Api, method: string, path: string, body?: object) {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { ok: response.ok, answer: (await response.json()) as Answer };
}

/** Registers a demo server as public and enabled; one that exists is left as it is. */
async function register(api: Api, server: DemoRegistration): Promise<Answer> {
  const path = encodeURIComponent(server.path.slice(1));
  // Asked first, so that no start after the first leaves a refusal in the audit log.
  const known = await call(api, 'GET', `/api/servers/${path}`);
  if (known.ok) {
    console.error(`${server.path} is registered already`);
    return known.answer;
  }
  const wish = { ...server, access: 'public', enabled: true };
  const { ok, answer } = await call(api, 'POST', '/api/servers', wish);
  if (!ok) throw new Error(`${server.path}: ${answer.detail ?? answer.code ?? 'refused'}`);
  const { state = 'pending', reason } = answer.gateway ?? {};
  console.error(`registered ${server.path}: ${state}${reason ? ` (${reason})` : ''}`);
  return answer;
}

/** Several registrations in a row share a reload; the configuration is of use only after it. */
async function untilServed(api: Api): Promise<void> {
  const deadline = Date.now() + SERVED_WITHIN_MS;
  for (;;) {
    const { state } = (await call(api, 'GET', '/api/gateway')).answer;
    if (state !== 'pending' || Date.now() > deadline) return;
    await delay(100);
  }
}

/** The configuration of an MCP client for one server. */
const clientEntry = ({ transport, sseUrl, publicUrl }: Answer) =>
  transport === 'sse' && sseUrl !== undefined
    ? { type: 'sse', url: sseUrl }
    : { type: 'http', url: publicUrl };

const { values } = parseArgs({
  options: {
    api: { type: 'string', default: 'http://127.0.0.1:7860' },
    'token-file': { type: 'string', default: 'data/operator-token' },
    'first-port': { type: 'string', default: '8101' },
  },
});
try {
  const token = (await readFile(values['token-file'], 'utf8')).trim();
  const mcpServers: Record<string, object> = {};
  for (const { registration } of demoServers('127.0.0.1', Number(values['first-port']))) {
    const registered = await register({ url: values.api, token }, registration);
    mcpServers[registration.path.slice(1)] = clientEntry(registered);
  }
  await untilServed({ url: values.api, token });
  console.log(JSON.stringify({ mcpServers }, null, 2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
