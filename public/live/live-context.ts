import { createContext, useContext } from 'react';

/** `lost`: changes are not pushed, and pages ask from time to time instead. */
export type LiveState = 'connecting' | 'live' | 'lost';

export interface Live {
  readonly state: LiveState;
  /** Tries to connect now instead of at the next turn. */
  readonly reconnect: () => void;
}

export const LiveContext = createContext<Live>({ state: 'lost', reconnect: () => undefined });

/** Whether changes are pushed to this page. */
export function useLive(): Live {
  return useContext(LiveContext);
}
