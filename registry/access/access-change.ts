import { subjectPrincipal } from './oidc-claims.js';
import type { RegistryState } from '../store/store.js';

type AccessState = Pick<RegistryState, 'accounts' | 'groups' | 'tokens'>;

/** Whether a commit left everything alone that decides who may what; the parts of a state keep their identity. */
export function isSameAccess(state: AccessState, before: AccessState): boolean {
  return state.tokens === before.tokens && isSamePeople(state, before);
}

/** The same without tokens: what is learned of tokens that are not ours follows from these. */
export function isSamePeople(
  state: Omit<AccessState, 'tokens'>,
  before: Omit<AccessState, 'tokens'>,
): boolean {
  return state.accounts === before.accounts && state.groups === before.groups;
}

/** Which principals may have other rights than before: any, when groups changed, else those whose account did. */
export function concernedBy(
  state: AccessState,
  before: AccessState,
): (principal: string) => boolean {
  if (state.groups !== before.groups) return () => true;
  if (state.accounts === before.accounts) return () => false;
  const [now, then] = [new Set(state.accounts), new Set(before.accounts)];
  const changed = [...now, ...then].filter((account) => !(now.has(account) && then.has(account)));
  const principals = new Set(
    changed.flatMap(({ username, oidc }) => [
      username,
      ...(oidc === undefined ? [] : [subjectPrincipal(oidc.subject)]),
    ]),
  );
  return (principal) => principals.has(principal);
}
