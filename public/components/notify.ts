import { useSyncExternalStore } from 'react';
import type { NotificationData } from '@mantine/notifications';
import type { GatewayOutcome } from '../../registry/gateway/gateway.js';
import { explain, Problem } from '../api/problem';
import type { ServerView } from '../api/servers';
import { sentence } from './field-errors';

const MADE = {
  applied: { color: 'teal', text: 'in effect at the gateway.' },
  unchanged: { color: 'teal', text: 'nothing changed for nginx.' },
  pending: {
    color: 'blue',
    text: 'nginx is still being reloaded; it will be in effect in a moment.',
  },
  rejected: { color: 'red', text: 'nginx goes on as before' },
} as const;

let hasAny = false;
const waiting = new Set<() => void>();

interface Changed {
  readonly gateway: Pick<GatewayOutcome, 'state'> & { readonly reason?: string | undefined };
  /** Why the server that was changed is not served, though the change is in effect. */
  readonly exclusion?: { readonly detail: string } | undefined;
  /** Of the server that was changed. */
  readonly enabled?: boolean;
  readonly health?: ServerView['health'];
}

/** Tells what happened, and what nginx made of it. */
export function notifyOutcome(title: string, changed: Changed): void {
  const { gateway, exclusion } = changed;
  const { state, reason } = gateway;
  if (exclusion !== undefined && state !== 'rejected') {
    show({
      title,
      message: `But it is left out: ${exclusion.detail}`,
      color: 'red',
      autoClose: false,
    });
    return;
  }
  const { color, text } = MADE[state];
  const check = state === 'applied' ? checkNote(changed) : undefined;
  const more = reason ?? check?.text;
  show({
    title,
    color: check?.color ?? color,
    message: more === undefined ? sentence(text) : `${sentence(text)} ${more}`,
    ...(state === 'rejected' && { autoClose: false }),
  });
}

/** That nginx serves a server says nothing of whether it answers. */
function checkNote({ enabled, health }: Changed) {
  if (!enabled || health === undefined) return undefined;
  const { reachable, usable, message } = health;
  if (reachable === 'unknown') return { color: 'blue', text: 'It was not checked yet.' };
  if (reachable === 'yes' && usable !== 'error') return undefined;
  const why = message === undefined ? '.' : `: ${message}`;
  return { color: 'orange', text: `But its last check failed${why}` };
}

export function notifyDone(title: string, message = ''): void {
  show({ title, message, color: 'teal' });
}

/** Tells that something could not be done; it stays until it is closed. */
export function notifyError(title: string, error: unknown): void {
  const requestId = error instanceof Problem ? error.requestId : undefined;
  show({
    title,
    message: explain(error) + (requestId === undefined ? '' : ` (request ${requestId})`),
    color: 'red',
    autoClose: 12_000,
  });
}

/** What shows them is loaded with the first one. */
function show(notification: NotificationData): void {
  hasAny = true;
  waiting.forEach((tell) => tell());
  void import('@mantine/notifications').then(({ notifications }) =>
    notifications.show(notification),
  );
}

/** Whether there was a notification since the page was opened. */
export function useHasNotifications(): boolean {
  return useSyncExternalStore(
    (listener) => {
      waiting.add(listener);
      return () => waiting.delete(listener);
    },
    () => hasAny,
  );
}
