import { useSyncExternalStore } from 'react';
import type { NotificationData } from '@mantine/notifications';
import type { GatewayOutcome } from '../../registry/gateway/gateway.js';
import { explain, Problem } from '../api/problem';

const MADE = {
  applied: { color: 'teal', text: 'nginx serves it.' },
  unchanged: { color: 'teal', text: 'nothing changed for nginx.' },
  pending: { color: 'blue', text: 'nginx is still being reloaded; it will serve it in a moment.' },
  rejected: { color: 'red', text: 'nginx goes on as before' },
} as const;

let hasAny = false;
const waiting = new Set<() => void>();

type Outcome = Pick<GatewayOutcome, 'state'> & { readonly reason?: string | undefined };

/** Tells what happened, and what nginx made of it. */
export function notifyOutcome(title: string, { state, reason }: Outcome): void {
  const { color, text } = MADE[state];
  show({
    title,
    color,
    message: reason === undefined ? sentence(text) : `${sentence(text)} ${reason}`,
    ...(state === 'rejected' && { autoClose: false }),
  });
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

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
