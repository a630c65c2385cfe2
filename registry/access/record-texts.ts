import { createHmac } from 'node:crypto';
import type { RegistryState } from '../store/store.js';
import type { Account, TokenRecord } from './account.js';
import { gateRecordOf } from './gate-record.js';
import { gateText } from './gate-text.js';
import type { Group } from './group.js';

interface Made {
  readonly owner: Account | undefined;
  readonly groups: readonly Group[];
  readonly text: string | undefined;
}

/**
 * Makes the files that the gate should have, as a map from the SHA-256 of each live token to its text.
 * What did not change is not made again: the parts of a state are values and keep their identity.
 */
export function createRecordTexts(
  secretKey: string,
): (state: RegistryState, now: Date) => ReadonlyMap<string, string> {
  const made = new WeakMap<TokenRecord, Made>();
  const textOf = (token: TokenRecord, owner: Account | undefined, groups: readonly Group[]) => {
    const known = made.get(token);
    if (known !== undefined && known.owner === owner && known.groups === groups) return known.text;
    const record = gateRecordOf(token, owner, groups, secretKey);
    const text = record && gateText(record);
    made.set(token, { owner, groups, text });
    return text;
  };
  return ({ tokens, accounts, groups }, now) => {
    const owners = new Map(accounts.map((account) => [account.username, account]));
    const texts = new Map<string, string>();
    for (const token of tokens) {
      const isOver = token.expiresAt !== undefined && Date.parse(token.expiresAt) <= now.getTime();
      const text = isOver ? undefined : textOf(token, owners.get(token.owner), groups);
      if (text !== undefined) texts.set(token.sha256, text);
    }
    return texts;
  };
}

/** Tells whether learned records were made from these accounts and groups, and with this key. */
export function fingerprintOf(
  { accounts, groups }: Pick<RegistryState, 'accounts' | 'groups'>,
  secretKey: string,
): string {
  const people = accounts.map(({ username, oidc, roles, groups: names, disabled }) => [
    username,
    oidc,
    roles,
    names,
    disabled,
  ]);
  return createHmac('sha256', secretKey)
    .update(JSON.stringify([people, groups]))
    .digest('hex');
}
