import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { registryApiProblemSchema } from '../../registry/http/registry-api-answers.js';
import { expectGatewayError, expectGatewayProblem } from '../fixtures/gateway-error.js';
import { rawRequest, type RawRequest } from '../fixtures/raw-http.js';
import { createRegistryProcess, type RegistryProcess } from '../fixtures/registry-process.js';

const LARGE = Buffer.alloc(2_200_000, ' ');
const REST = ['/api/servers', '/api', '/register', '/docs', '/health'];
const PUBLISHED = ['/v0.1/servers', '/v0/servers?limit=1'];

let registry: RegistryProcess;
beforeAll(async () => {
  registry = await createRegistryProcess();
  await registry.start();
});
afterAll(async () => {
  // Only a registry that runs stops the nginx that it finds.
  await registry.start();
  await registry.close();
});

const ask = (path: string, options: RawRequest = {}) =>
  rawRequest(registry.url, { path, ...options });

describe('what nginx refuses for the REST API', () => {
  it('is a problem document where the body is too large', async () => {
    for (const path of ['/api/servers', '/register']) {
      const answer = await ask(path, { method: 'POST', body: LARGE });
      expectGatewayProblem(answer, 413, 'request-too-large');
    }
  });

  it('is one where the address or a header cannot be taken', async () => {
    expectGatewayProblem(await ask('/api/servers/%00'), 400, 'malformed-request');
    const headers = { 'x-long': 'x'.repeat(40_000) };
    expectGatewayProblem(await ask('/api/servers', { headers }), 431, 'request-header-too-large');
  });

  it('is a JSON-RPC error where an MCP server is asked', async () => {
    expectGatewayError(await ask('/apis/%00'), 400, 'bad-request');
    const answer = await ask('/mcpgw/mcp', { method: 'POST', body: LARGE });
    expectGatewayError(answer, 413, 'request-too-large');
  });

  it('is a problem document while the registry is down', async () => {
    await registry.kill('SIGKILL');
    for (const path of REST) expectGatewayProblem(await ask(path), 502, 'registry-unreachable');
    for (const path of PUBLISHED) {
      expectGatewayProblem(await ask(path), 502, 'registry-unreachable', registryApiProblemSchema);
    }
    for (const path of ['/mcpgw/mcp', '/.well-known/oauth-protected-resource/a/mcp']) {
      expectGatewayError(await ask(path), 502, 'registry-unreachable');
    }
  });
});
