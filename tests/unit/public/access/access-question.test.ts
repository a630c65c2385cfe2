import { describe, expect, it } from '@jest/globals';
import {
  questionOf,
  testerSearch,
  testerState,
} from '../../../../public/pages/access/access-question';

describe('the question of the tester', () => {
  it('survives the way through the address', () => {
    const state = { holder: 'groups', who: 'a,b', server: '/time', tool: 'get_time' } as const;
    const search = new URLSearchParams(testerSearch(state));
    expect(testerState(search, 'user')).toEqual(state);
    expect(testerState(new URLSearchParams('of=nonsense'), 'user').holder).toBe('user');
  });

  it('is asked once it is complete', () => {
    const state = { holder: 'user', who: 'ada', server: '/time', tool: ' ' } as const;
    expect(questionOf(state)).toEqual({ user: 'ada', server: '/time' });
    expect(questionOf({ ...state, server: '' })).toBeUndefined();
    expect(questionOf({ ...state, who: '' })).toBeUndefined();
    expect(questionOf({ ...state, holder: 'token', tool: 'x' })).toEqual({
      token: 'ada',
      server: '/time',
      tool: 'x',
    });
    // Whoever has no group at all is worth a question too.
    expect(questionOf({ ...state, holder: 'groups', who: '' })).toEqual({
      groups: [],
      server: '/time',
    });
  });
});
