import { describe, expect, it } from '@jest/globals';
import { parseLogLine } from '../../../registry/usage/call-record.js';
import { isError, outcomeOf } from '../../../registry/usage/call-outcome.js';

const LINE = {
  time: '2026-01-02T03:04:05+00:00',
  requestId: 'abcdef01-1767323045.123-7-1',
  principal: 'ada',
  server: '/weather',
  endpoint: 'streamable-http',
  path: '',
  method: 'POST',
  rpcMethod: 'tools/call',
  rpcName: 'forecast',
  protocolVersion: '2026-07-28',
  earlier: '',
  status: 200,
  upstreamStatus: '200',
  upstreamAddress: '10.0.0.5:9000',
  seconds: 0.042,
  firstByteSeconds: '0.040',
  bytesIn: 400,
  bytesOut: 900,
  error: '',
  client: '127.0.0.1',
};

const text = (fields: Partial<Record<keyof typeof LINE, unknown>> = {}) =>
  JSON.stringify({ ...LINE, ...fields });
const read = (fields: Partial<Record<keyof typeof LINE, unknown>> = {}) => {
  const line = parseLogLine(text(fields));
  if (line.kind !== 'call') throw new Error(line.kind);
  return line.record;
};

describe('a line of the access log', () => {
  it('is the record of a call, and holds nothing of what was said', () => {
    expect(read()).toEqual({
      at: Date.parse('2026-01-02T03:04:05Z'),
      requestId: LINE.requestId,
      principal: 'ada',
      server: '/weather',
      era: 'modern',
      httpMethod: 'POST',
      method: 'tools/call',
      tool: 'forecast',
      subject: '',
      session: '',
      status: 200,
      outcome: 'ok',
      ownAnswer: false,
      error: '',
      durationMs: 42,
      firstByteMs: 40,
      bytesIn: 400,
      bytesOut: 900,
      upstream: '10.0.0.5:9000',
    });
  });

  it.each([
    [' tools/call Vorhersage ü', 'tools/call', 'Vorhersage ü', ''],
    [String.raw` tools/call a \"b\" \u00fc\n`, 'tools/call', 'a "b" ü ', ''],
    [String.raw` tools/call \ud800`, 'tools/call', '\ufffd', ''],
    [String.raw` tools/call cut \u00`, 'tools/call', '', ''],
    [' prompts/get greet', 'prompts/get', '', 'greet'],
    [' resources/read file:///a?key=secret', 'resources/read', '', 'file:///a'],
    [' tools/list ', 'tools/list', '', ''],
    [' ', '', '', ''],
  ])('names what the body of an earlier revision calls: %j', (earlier, method, tool, subject) => {
    expect(read({ protocolVersion: '', earlier })).toMatchObject({
      era: 'legacy',
      ...{ method, tool, subject, session: '' },
    });
  });

  it.each([
    ['opened initialize ', 200, 'opened'],
    ['closed ', 204, 'closed'],
    ['closed ', 404, ''],
    ['torn ', 200, ''],
  ])('says of %j with status %d that its session was %j', (earlier, status, session) => {
    expect(read({ protocolVersion: '2025-06-18', earlier, status })).toMatchObject({ session });
  });

  it('believes no header of callers of earlier revisions', () => {
    expect(read({ protocolVersion: '' })).toMatchObject({ era: 'legacy', method: '', tool: '' });
    expect(read({ protocolVersion: '9999' })).toMatchObject({ era: 'legacy', tool: '' });
  });

  it.each([
    ['prompts/get', 'greet', '', 'greet'],
    ['resources/read', 'file:///a?key=secret#x', '', 'file:///a'],
    ['tools/call', `=?base64?${Buffer.from('höhe').toString('base64')}?=`, 'höhe', ''],
    ['tools/call', 'a\nb', 'a b', ''],
    ['tools/call', 'x'.repeat(500), `${'x'.repeat(200)}...`, ''],
    ['tools/list', 'anything', '', ''],
  ])(
    'of %s with the name %j has the tool %j and the subject %j',
    (rpcMethod, rpcName, tool, subject) => {
      expect(read({ rpcMethod, rpcName })).toMatchObject({ tool, subject });
    },
  );

  it('is read behind one that was cut off', () => {
    const line = parseLogLine(`${text().slice(0, 50)}${text({ server: '/other' })}`);
    expect(line).toMatchObject({ kind: 'call', record: { server: '/other' } });
  });

  it.each([
    ['', 'torn'],
    ['{"time":"2026', 'torn'],
    ['127.0.0.1 - - "GET / HTTP/1.1" 200', 'torn'],
    ['[]', 'torn'],
    ['{}', 'torn'],
    [text({ time: 'yesterday' }), 'torn'],
    [text({ status: '200' }), 'torn'],
    [text({ bytesIn: -1 }), 'torn'],
    [text({ server: '' }), 'other'],
    [text({ method: 'OPTIONS' }), 'other'],
  ])('%j is %s', (line, kind) => {
    expect(parseLogLine(line)).toEqual({ kind });
  });
});

describe('the outcome', () => {
  it.each([
    [200, '200', 'ok'],
    [202, '202', 'ok'],
    [401, '', 'unauthenticated'],
    [403, '', 'forbidden'],
    [404, '404', 'not-found'],
    [413, '', 'refused'],
    [429, '', 'limited'],
    [499, '-', 'cancelled'],
    [500, '500', 'upstream-error'],
    [503, '503', 'upstream-error'],
    [503, '', 'unavailable'],
    [502, '502', 'unreachable'],
    [504, '504', 'timeout'],
  ] as const)('of %d with the upstream status %j is %s', (status, upstreamStatus, outcome) => {
    expect(outcomeOf(status, upstreamStatus, 'POST')).toBe(outcome);
  });

  it.each([
    ['GET', '405', 'ok'],
    ['DELETE', '405', 'ok'],
    ['POST', '405', 'refused'],
    ['GET', '', 'refused'],
  ] as const)(
    'of 405 to %s with the upstream status %j is %s: servers need not have streams or sessions',
    (method, upstreamStatus, outcome) => {
      expect(read({ method, status: 405, upstreamStatus })).toMatchObject({ outcome });
      expect(isError(outcome)).toBe(outcome !== 'ok');
    },
  );
});
