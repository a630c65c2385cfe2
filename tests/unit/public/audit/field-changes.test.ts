import { expect, it } from '@jest/globals';
import { fieldChanges } from '../../../../public/pages/audit/field-changes';

it('puts what was and what is beside each other, in words', () => {
  const before = { description: '', tags: ['a'], limits: { burst: 2 } };
  const after = { description: 'now', tags: [], limits: { burst: 3 }, owner: 'ada' };
  expect(fieldChanges({ before, after })).toEqual([
    { field: 'description', before: '(empty)', after: 'now' },
    { field: 'tags', before: 'a', after: '(none)' },
    { field: 'limits', before: '{ "burst": 2 }', after: '{ "burst": 3 }' },
    { field: 'owner', after: 'ada' },
  ]);
  expect(fieldChanges({})).toEqual([]);
});
