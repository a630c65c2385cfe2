import { describe, expect, it } from '@jest/globals';
import { gateRecordIn, gateText } from '../../../registry/access/gate-text.js';
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
    expect(gateRecordIn(text)).toBeUndefined();
  });

  it.each([
    [record({ rules: [rule(['/a'], ['t'])] }), `0 * ${SESSION} ann`],
    [record({ rules: [rule(['/a'], ['*']), rule(['/b'], ['t'])] }), `0 * ${SESSION} ann /a`],
    [record({ rules: [rule(['*'], ['*']), rule(['/b'], [], ['t'])] }), `0 * ${SESSION} ann`],
    [record({ rules: [rule(['/a*b'], ['*'])] }), `0 * ${SESSION} ann`],
    [record({ learned: true, rules: [rule(['*'], ['*'])] }), `0 * ${SESSION} ann *`],
    [{ refused: true, expires: 7 } as const, '7 refused'],
  ])('carries the record where it does not: %j', (given, head) => {
    expect(gateText(given).split('\n')[0]).toBe(head);
    expect(gateRecordIn(gateText(given))).toEqual(given);
  });
});
