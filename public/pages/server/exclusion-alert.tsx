import { Alert, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import type { ServerView } from '../../api/servers';
import classes from './server.module.css';

type Exclusion = NonNullable<ServerView['exclusion']>;

/** What is wrong, and what to do about it. */
const REASONS: Readonly<
  Record<Exclusion['reason'], { readonly title: string; readonly remedy: string }>
> = {
  'invalid-record': {
    title: 'The stored record of this server is broken',
    remedy: 'Correct the catalog file, or delete the server and register it anew.',
  },
  'upstream-unresolved': {
    title: 'The host name of this server has no address',
    remedy: 'Calls are answered 502 until the name resolves. It is looked up again by itself.',
  },
  'upstream-unverifiable': {
    title: 'The certificate of this server cannot be verified',
    remedy:
      'An https address needs a name that its certificate holds: set the host header, or switch off verification.',
  },
  'upstream-refused-by-policy': {
    title: 'The outbound policy forbids the address of this server',
    remedy:
      'Register another address. What the policy may permit is allowed in the settings of the registry.',
  },
  'refused-by-nginx': {
    title: 'nginx refused the configuration of this server',
    remedy:
      'All other servers are served. Change what the message names; it is tried again after each change.',
  },
};

/** Says prominently that nginx leaves the server out, with nginx's own words. */
export function ExclusionAlert({ exclusion }: { readonly exclusion: Exclusion }) {
  const { title, remedy } = REASONS[exclusion.reason];
  return (
    <Alert color="red" icon={<IconPlugConnectedX />} title={title} role="alert">
      <pre className={classes.message}>{exclusion.detail.slice(0, 4_000)}</pre>
      <Text size="sm">{remedy}</Text>
    </Alert>
  );
}
