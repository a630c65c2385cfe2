import type { GatewayStatusView } from '../../../registry/operations/system/system-view.js';

interface Words {
  readonly label: string;
  /** A colour of the theme. */
  readonly color: 'teal' | 'blue' | 'red' | 'gray' | 'orange';
  readonly detail: string;
}

/** What each state of the gateway means for people. */
export const STATES: Readonly<Record<GatewayStatusView['state'], Words>> = {
  applied: {
    label: 'Applied',
    color: 'teal',
    detail: 'nginx serves what the registry knows.',
  },
  unchanged: {
    label: 'Applied',
    color: 'teal',
    detail: 'nginx serves what the registry knows; the last change did not concern it.',
  },
  pending: {
    label: 'Being applied',
    color: 'blue',
    detail:
      'nginx is being given a new configuration; until it is proven, it serves the one before.',
  },
  rejected: {
    label: 'Rejected',
    color: 'red',
    detail: 'nginx refused the last configuration, and goes on serving the one before.',
  },
};

type Exclusion = GatewayStatusView['exclusions'][number]['reason'];

/** Why a server is left out, and what to do. */
export const EXCLUSIONS: Readonly<
  Record<Exclusion, { readonly label: string; readonly remedy: string }>
> = {
  'invalid-record': {
    label: 'Its record is broken',
    remedy: 'Register it again, or restore the data directory from a backup.',
  },
  'upstream-unresolved': {
    label: 'Its host name has no address',
    remedy:
      'Its route answers 502 until the name resolves. Check the host name in its URL, and DNS.',
  },
  'upstream-unverifiable': {
    label: 'Its certificate cannot be checked',
    remedy: 'Use its name instead of an IP address in its URL.',
  },
  'upstream-refused-by-policy': {
    label: 'Its address is forbidden',
    remedy: 'The outbound policy of this registry does not allow it; see Settings.',
  },
  'refused-by-nginx': {
    label: 'nginx refused its configuration',
    remedy: 'The message of nginx names the directive; change the server accordingly.',
  },
};

type Certificate = NonNullable<GatewayStatusView['certificate']>['state'];

export const CERTIFICATES: Readonly<Record<Certificate, Pick<Words, 'label' | 'color'>>> = {
  valid: { label: 'Valid', color: 'teal' },
  expiring: { label: 'Expires soon', color: 'orange' },
  expired: { label: 'Expired', color: 'red' },
  'not-yet-valid': { label: 'Not yet valid', color: 'orange' },
  missing: { label: 'Missing', color: 'red' },
};
