/** What is known of a host name: nginx is given addresses, never names. */
export type Resolution =
  | { readonly state: 'pending' }
  | { readonly state: 'resolved'; readonly address: string }
  | { readonly state: 'unresolved'; readonly reason: string }
  | { readonly state: 'refused'; readonly reason: string };
