import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Problem } from '../api/problem';
import { ME } from '../api/session';

/** How answers of the API are kept: shown at once when they are known, and fetched anew when a page is opened. */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    // The session has ended: whoever asks next for it is led to the log-in.
    if (error instanceof Problem && error.status === 401) client.setQueryData(ME, null);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => !isRefusal(error) && count < 2,
      },
    },
  });
  return client;
}

/** Whether asking again would be answered alike. */
function isRefusal(error: unknown): boolean {
  return error instanceof Problem && error.status < 500 && error.status !== 429;
}
