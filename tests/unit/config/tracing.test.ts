import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../registry/config/config.js';
import { readConfig } from '../../../registry/config/read-config.js';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318/' };

function problemsOf(environment: Readonly<Record<string, string>>): string {
  try {
    readConfig(environment);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe('the settings of traces', () => {
  it('are nothing without an endpoint', () => {
    expect(readConfig({ OTEL_SERVICE_NAME: 'x' }).tracing).toBeUndefined();
  });

  it('are an endpoint, a name and headers', () => {
    const headers = 'api-key = a%3Db%2Cc , x-tenant=blue,x-empty=';
    const config = readConfig({ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: headers });
    expect(config.tracing).toEqual({
      endpoint: 'http://127.0.0.1:4318',
      serviceName: 'mcp-gateway-registry',
      headers: { 'api-key': 'a=b,c', 'x-tenant': 'blue', 'x-empty': '' },
    });
    expect(JSON.stringify(config.settings)).not.toContain('a%3Db');
  });

  it.each([
    ['localhost:4317', 'must be an http or https URL'],
    ['grpc://collector:4317', 'must be an http or https URL'],
    ['https://user:secret@collector.example.com', 'a key belongs into OTEL_EXPORTER_OTLP_HEADERS'],
    ['http://127.0.0.1:4318/v1/traces', 'must end before /v1/traces'],
  ])('refuse %s as the endpoint', (url, problem) => {
    expect(problemsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: url })).toContain(problem);
  });

  it.each(['key', '=value', 'a key=value', 'key=%zz', 'key=line%0Abreak'])(
    'refuse %j as a header, without quoting its value',
    (pair) => {
      const problem = problemsOf({ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: `good=1,${pair}` });
      expect(problem).toContain('pair 2 must be <name>=<value>');
    },
  );
});
