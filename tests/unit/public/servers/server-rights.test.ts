import { describe, expect, it } from '@jest/globals';
import type { Role } from '../../../../registry/access/principal.js';
import { permissionsOfRoles } from '../../../../registry/access/roles.js';
import { rightsOf } from '../../../../public/api/server-rights';
import { summary } from '../summaries';

const rights = (role: Role, change: Parameters<typeof summary>[1]) => {
  const permissions = permissionsOfRoles([role]);
  const given = rightsOf(summary('/a', change), 'ada', (each) => permissions.has(each));
  return Object.entries(given).flatMap(([right, has]) => (has ? [right] : []));
};
const BROKEN = { reason: 'invalid-record', detail: 'no name' } as const;

describe('what is offered for a server', () => {
  it.each<[Role, Parameters<typeof summary>[1], string[]]>([
    ['admin', {}, ['edit', 'remove', 'toggle', 'refresh']],
    ['admin', { exclusion: BROKEN, owner: '' }, ['remove']],
    ['admin', { builtIn: true }, []],
    ['operator', {}, ['toggle', 'refresh']],
    ['developer', {}, []],
    ['developer', { owner: 'ada' }, ['edit', 'remove', 'toggle', 'refresh']],
    ['viewer', { owner: 'ada' }, []],
  ])('to a %s, of %j', (role, change, expected) => {
    expect(rights(role, change)).toEqual(expected);
  });
});
