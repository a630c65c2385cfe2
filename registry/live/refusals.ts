import type { Principal } from '../access/principal.js';
import type { Arrival } from '../access/visitor.js';
import type { CloseReason } from './peer.js';

/** Why somebody is not let in; undefined: they are. */
export function refusalOf(arrival: Arrival): CloseReason | undefined {
  if (arrival.kind === 'foreign-origin') return 'foreignOrigin';
  if (arrival.kind === 'unknown') return 'unknown';
  return refusalOfPrincipal(arrival.visitor.principal);
}

/** Why somebody may not stay. */
export function refusalOfPrincipal(principal: Principal): CloseReason | undefined {
  const mayLook = principal.permissions.has('servers:read');
  return mayLook && principal.mustChangePassword !== true ? undefined : 'forbidden';
}

/** Whose seats it takes. */
export function nameOf({ kind, username, tokenId }: Principal): string {
  return kind === 'token' ? `token ${tokenId ?? ''}` : `user ${username}`;
}
