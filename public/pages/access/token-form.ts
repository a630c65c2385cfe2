import type { Scope, TokenInput } from '../../api/tokens';

export interface TokenForm {
  readonly name: string;
  readonly groups: readonly string[];
  /** Path; null: not limited to one. */
  readonly server: string | null;
  readonly scope: Scope | 'none';
  /** Days; empty: never. */
  readonly expires: string;
}

export const EXPIRIES = [
  { value: '7', label: 'In 7 days' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: '', label: 'Never' },
] as const;

export const EMPTY_TOKEN: TokenForm = {
  name: '',
  groups: [],
  server: null,
  scope: 'none',
  expires: '90',
};

/** What is asked of the API. */
export function tokenInput({ name, groups, server, scope, expires }: TokenForm): TokenInput {
  return {
    name: name.trim(),
    // Whoever has an account alone to speak for is its hand at the API, and no groups are no groups.
    ...(groups.length > 0 && { groups }),
    ...(server !== null && { server }),
    scopes: scope === 'none' ? [] : [scope],
    ...(expires !== '' && { expiresInDays: Number(expires) }),
  };
}

/** What the token will be good for, in a sentence. */
export function tokenMeaning(form: TokenForm): string {
  const { groups, server, scope } = form;
  const uses =
    groups.length === 0 && server === null
      ? scope === 'admin'
        ? 'It may use every server'
        : 'It may use public servers only'
      : `It may use ${[
          groups.length > 0
            ? `what ${namesText(groups)} ${groups.length > 1 ? 'give' : 'gives'}`
            : '',
          server === null
            ? ''
            : groups.length > 0
              ? `on ${server} alone`
              : `${server} alone, as far as you may`,
        ]
          .filter(Boolean)
          .join(' ')}`;
  return `${uses}, and ${API_RIGHTS[scope]}.`;
}

const API_RIGHTS = {
  none: 'do nothing at the API of the registry',
  read: 'read at the API of the registry what you may read',
  write: 'read and change servers at the API of the registry as far as you may',
  admin: 'do everything at the API of the registry that you may',
} as const satisfies Record<TokenForm['scope'], string>;

function namesText(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2
    ? `the group ${last}`
    : `the groups ${names.slice(0, -1).join(', ')} and ${last}`;
}
