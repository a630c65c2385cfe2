import { Container } from '@mantine/core';
import { lazy } from 'react';
import { Navigate, useLocation } from 'react-router';
import { useMe } from '../api/session';
import { ErrorAlert } from '../components/error-alert';
import { LiveProvider } from '../live/live-provider';
import { Shell } from '../shell/shell';
import { WaitingFrame } from './waiting-frame';

const NewPasswordPage = lazy(async () => ({
  default: (await import('../pages/log-in/new-password-page')).NewPasswordPage,
}));

/** Shows pages to those who are logged in; others are led to the log-in, and back to where they wanted to go. */
export function RequireSession() {
  const me = useMe();
  const { pathname, search, hash } = useLocation();
  if (me.data === undefined) {
    if (me.error === null) return <WaitingFrame />;
    return (
      <Container size="sm" py="xl">
        <ErrorAlert error={me.error} onRetry={() => void me.refetch()} />
      </Container>
    );
  }
  if (me.data === null) {
    const next = `${pathname}${search}${hash}`;
    const query = next === '/' || next === '/servers' ? '' : `?next=${encodeURIComponent(next)}`;
    return <Navigate to={`/login${query}`} replace />;
  }
  if (me.data.mustChangePassword === true) return <NewPasswordPage />;
  return (
    <LiveProvider key={me.data.username}>
      <Shell />
    </LiveProvider>
  );
}
