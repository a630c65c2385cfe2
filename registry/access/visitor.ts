import type { Principal } from './principal.js';

/** Somebody who stays connected after they were let in. */
export interface Visitor {
  /** Names the session or token without being good for anything. */
  readonly credential: string;
  /** As they came. */
  readonly principal: Principal;
  /** Who it is by now; undefined when session or token hold no longer, or the account is gone or disabled. */
  again(): Promise<Principal | undefined>;
}

/** Who is at the door of a channel that stays open. */
export type Arrival =
  | { readonly kind: 'known'; readonly visitor: Visitor }
  | { readonly kind: 'unknown' }
  /** A browser, led here by a page of another site. */
  | { readonly kind: 'foreign-origin' };
