import { describe, expect, it } from '@jest/globals';
import { gateText, learnedRecordIn } from '../../../registry/access/gate-text.js';
import type { AdmittedToken } from '../../../registry/access/gate-record.js';

const SESSION = '0123456789abcdef0123456789abcdef';
const record = (more: Partial<AdmittedToken>): AdmittedToken => ({
  principal: 'ann',
  session: SESSION,
  rules: [],
  ...more,
});
const rule = (servers: string[], tools: string[], deny: string[] = []) => ({
  servers,
  tools,
  deny,
});

describe('the text of a gate record', () => {
  it.each([
    [record({}), `0 * ${SESSION} ann`],
    [record({ rules: [rule(['*'], ['*'])] }), `0 * ${SESSION} ann *`],
    [
      record({ expires: 1893456000, server: '/a', rules: [rule(['/a', '/t/*'], ['*'])] }),
      `1893456000 /a ${SESSION} ann /a /t/*`,
    ],
    [record({ server: ['/a', '/t/b'] }), `0 /a,/t/b ${SESSION} ann`],
    [record({ principal: 'Ann B\n*' }), `0 * ${SESSION} Ann%20B%0A*`],
  ])('is one line where that says everything: %j', (given, text) => {
    expect(gateText(given)).toBe(text);
    expect(learnedRecordIn(text)).toBeUndefined();
  });

  it.each([
    [record({ rules: [rule(['/a'], ['t*'])] }), `0 * ${SESSION} ann`],
    [record({ rules: [rule(['/a'], ['*']), rule(['/b'], ['*_t'])] }), `0 * ${SESSION} ann /a`],
    [record({ rules: [rule(['*'], ['*']), rule(['/b'], [], ['t'])] }), `0 * ${SESSION} ann`],
    [record({ rules: [rule(['/a*b'], ['*'])] }), `0 * ${SESSION} ann`],
  ])('carries the rules where it does not: %j', (given, head) => {
    expect(gateText(given)).toBe(`${head}\n${JSON.stringify({ rules: given.rules })}`);
    expect(learnedRecordIn(gateText(given))).toBeUndefined();
  });

  it.each([
    [record({ learned: true, rules: [rule(['*'], ['*'])] }), `0 * ${SESSION} ann *`],
    [{ refused: true, expires: 7, learned: true } as const, '7 refused'],
  ])('carries the whole record where it was learned: %j', (given, head) => {
    expect(gateText(given).split('\n')[0]).toBe(head);
    expect(learnedRecordIn(gateText(given))).toEqual(given);
  });

  const callsIn = (rules: AdmittedToken['rules']) =>
    gateText(record({ rules })).split('\n').slice(1, -1);

  it.each([
    [
      'what a rule names',
      [rule(['/a', '/b/c'], ['t', 'get_*', 'x/y.z'])],
      ['/a/mcp t', '/a/mcp x/y.z', '/b/c/mcp t', '/b/c/mcp x/y.z'],
    ],
    ['nothing twice', [rule(['/a'], ['t']), rule(['/a'], ['t'])], ['/a/mcp t']],
    [
      'nothing that another rule denies',
      [rule(['/a', '/b'], ['t', 'u']), rule(['/a*'], [], ['t']), rule(['*'], [], ['u*'])],
      ['/b/mcp t'],
    ],
    ['no pattern of servers', [rule(['*', '/a*'], ['t'])], []],
    [
      'no name that does not stand for itself in a line',
      [rule(['/a'], ['a b', 'a\nb', 'é', '', '*', 't']), rule(['/a b', '/A', 'a'], ['t'])],
      ['/a/mcp t'],
    ],
  ])('names the calls that are surely allowed: %s', (_what, rules, calls) => {
    expect(callsIn(rules)).toEqual(calls);
  });

  it('does not become long', () => {
    const tools = Array.from({ length: 1000 }, (_, index) => `tool_${index}`);
    const calls = callsIn([rule(['/a'], tools)]);
    expect(calls.join('\n').length).toBeLessThan(2000);
    expect(calls).toEqual(tools.slice(0, calls.length).map((tool) => `/a/mcp ${tool}`));
    expect(calls.length).toBeGreaterThan(100);
  });
});
