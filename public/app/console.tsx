import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { BrowserRouter } from 'react-router';
import { useHasNotifications } from '../components/notify';
import { Pages } from './pages';
import { createQueryClient } from './query-client';
import { styleNonce } from './style-nonce';
import { theme } from './theme';

const queries = createQueryClient();
const Notifications = lazy(async () => ({
  default: (await import('@mantine/notifications')).Notifications,
}));

/** The whole application: theme, data, pages. */
export function Console() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={queries}>
        <NotificationHost />
        {/* Filters stand in the address: a change that were drawn when there is time would undo the one before it. */}
        <BrowserRouter basename="/ui" useTransitions={false}>
          <Pages />
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  );
}

function NotificationHost() {
  const hasAny = useHasNotifications();
  return <Suspense>{hasAny && <Notifications position="bottom-right" limit={4} />}</Suspense>;
}
