import { describe, expect, it } from '@jest/globals';
import { changedMeanwhile, merge } from '../../../../public/pages/register/conflict';
import { NEW_SERVER, type ServerFormValues } from '../../../../public/pages/register/form-values';

const base: ServerFormValues = { ...NEW_SERVER, name: 'A', path: '/a', url: 'http://a/mcp' };
const theirs: ServerFormValues = { ...base, name: 'Theirs', tags: ['t'], timeoutSeconds: 5 };
const mine: ServerFormValues = { ...base, name: 'Mine', description: 'mine', timeoutSeconds: 5 };

describe('a change that crossed one of somebody else', () => {
  it('shows what they changed, and where both did', () => {
    expect(changedMeanwhile(base, theirs, mine)).toEqual([
      { field: 'name', before: 'A', theirs: 'Theirs', mine: 'Mine', isContested: true },
      { field: 'tags', before: '(none)', theirs: 't', mine: '(none)', isContested: false },
      { field: 'timeoutSeconds', before: '3600', theirs: '5', mine: '5', isContested: false },
    ]);
  });

  it('takes theirs, and mine where only I changed something or want to keep it', () => {
    const merged = { ...theirs, description: 'mine' };
    expect(merge(base, theirs, mine, new Set())).toEqual(merged);
    expect(merge(base, theirs, mine, new Set(['name']))).toEqual({ ...merged, name: 'Mine' });
  });

  it('shows no secret', () => {
    const auth = { ...base.auth, type: 'bearer', token: 'canary' } as const;
    const shown = changedMeanwhile(
      base,
      { ...base, auth: { ...auth, token: '' } },
      { ...base, auth },
    );
    expect(JSON.stringify(shown)).not.toContain('canary');
    expect(shown).toMatchObject([{ field: 'auth', mine: '{"type":"bearer","token":"(new)"}' }]);
  });
});
