import { expect, it } from '@jest/globals';
import { judgeOwnServer } from './own-server.js';

const scenario = (passed: number, failed: number) => ({ passed, failed, scored: true });

it('judges what the server declares, and leaves out what it does not', () => {
  const result = new Map([
    ['ping', scenario(2, 0)],
    ['tools-list', scenario(2, 1)],
    ['prompts-list', scenario(1, 1)],
    ['caching', scenario(4, 3)],
    ['server-stateless', scenario(23, 5)],
  ]);
  expect(judgeOwnServer(result).map(({ scenario, ok, reason }) => [scenario, ok, reason])).toEqual([
    ['ping', true, undefined],
    ['tools-list', false, '1 fail'],
    ['caching', true, undefined],
    ['server-stateless', false, '1 fail'],
  ]);
});
