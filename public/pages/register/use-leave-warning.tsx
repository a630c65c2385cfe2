import { Text } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { useConfirm } from '../../components/confirm';

const BASE = '/ui';

/** Asks before a form with changes is left: by the browser, or by a link of the console. @returns the dialog to place */
export function useLeaveWarning(isDirty: boolean): ReactNode {
  const [ask, dialog] = useConfirm();
  const navigate = useNavigate();
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  useEffect(() => {
    if (!isDirty) return undefined;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const to = innerTarget(event);
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current({
        title: 'Leave without saving?',
        action: 'Leave',
        danger: true,
        children: <Text size="sm">What you have changed in this form will be lost.</Text>,
        onConfirm: () => void navigate(to),
      });
    };
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, { capture: true });
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, { capture: true });
    };
  }, [isDirty, navigate]);
  return dialog;
}

/** Where a click leads within the console; undefined where it stays, opens a new tab or leaves the console. */
function innerTarget(event: MouseEvent): string | undefined {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return undefined;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target === '_blank') return undefined;
  const { origin, pathname, search, hash } = new URL(link.href);
  const isInner = origin === window.location.origin && pathname.startsWith(`${BASE}/`);
  if (!isInner || pathname === window.location.pathname) return undefined;
  return pathname.slice(BASE.length) + search + hash;
}
