import type { GatewayState } from '../api/gateway';
import type { ServerSummary } from '../api/servers';

/** What the channel sends, one JSON text for each frame. */
export type Frame =
  | {
      readonly type: 'snapshot';
      readonly cursor: string;
      readonly servers: readonly ServerSummary[];
      readonly gateway: GatewayState;
    }
  | { readonly type: 'resumed'; readonly cursor: string }
  | { readonly type: 'changes'; readonly cursor: string; readonly events: readonly LiveEvent[] }
  | { readonly type: 'heartbeat' };

export type LiveEvent =
  | { readonly type: 'server'; readonly path: string; readonly server: ServerSummary }
  | { readonly type: 'server-removed'; readonly path: string }
  | { readonly type: 'tools'; readonly path: string }
  | { readonly type: 'gateway'; readonly gateway: GatewayState };
