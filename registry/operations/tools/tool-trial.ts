import type { CallTokens } from '../../access/call-tokens.js';
import type { Principal } from '../../access/principal.js';
import type { Server, SpokenTransport } from '../../catalog/server.js';
import type { Store } from '../../store/store.js';
import type { CallListener } from '../../upstream/call-tool.js';
import { callRules, requireCallRules } from './call-rights.js';
import {
  TokenRefused,
  type GatewayTrial,
  type ToolCaller,
  type ToolResult,
} from './tool-caller.js';

/** Who runs a tool, and until when they wait for it. */
export interface Caller {
  readonly principal: Principal;
  readonly signal: AbortSignal;
  /** Told what the tool says while it works. */
  readonly listener?: CallListener;
}

interface Trial {
  readonly server: Server;
  readonly transport: SpokenTransport;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Runs tools in the name of callers of the API, with their rights and not with those of the registry. */
export interface ToolTrials {
  /** @throws RegistryError `forbidden`, `authentication-required` */
  requireAllowed(server: Server, tool: string, principal: Principal): void;
  /** @throws as `requireAllowed`, `CallTokens.lend` and `ToolCaller.call` */
  run(trial: Trial, caller: Caller): Promise<ToolResult>;
  /** Connects to a server and lists the tools that the caller may use. @throws as `CallTokens.lend` */
  reach(target: Pick<Trial, 'server' | 'transport'>, caller: Caller): Promise<GatewayTrial>;
}

const REACH_SECONDS = 15;

export function createToolTrials(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly toolCaller: ToolCaller;
  readonly callTokens: CallTokens;
}): ToolTrials {
  const { store, toolCaller, callTokens } = deps;
  return {
    requireAllowed(server, tool, principal) {
      // Whoever reaches the gateway may call a public server.
      if (server.access === 'public') return;
      requireCallRules(principal, server, tool, store.state());
    },
    async reach({ server, transport }, { principal, signal }) {
      const { path } = server;
      const attempt = (token?: string) =>
        toolCaller.tryServer({
          path,
          transport,
          signal,
          ...(token !== undefined && { token }),
        });
      if (server.access === 'public') return attempt();
      const rights = {
        principal: principal.username,
        server: path,
        rules: (state: ReturnType<Store['state']>) => callRules(principal, server, state),
        seconds: REACH_SECONDS,
      };
      const first = await callTokens.lend(rights, attempt);
      return first.isTokenRefused && !signal.aborted ? callTokens.lend(rights, attempt) : first;
    },
    async run({ server, ...trial }, { principal, signal, listener }) {
      const { path, timeoutSeconds } = server;
      const call = (token?: string) =>
        toolCaller.call({
          path,
          ...trial,
          timeoutSeconds,
          signal,
          ...(token !== undefined && { token }),
          ...(listener && { listener }),
        });
      if (server.access === 'public') return call();
      const rights = {
        principal: principal.username,
        server: path,
        rules: (state: ReturnType<Store['state']>) =>
          requireCallRules(principal, server, trial.tool, state),
        seconds: timeoutSeconds,
      };
      try {
        return await callTokens.lend(rights, call);
      } catch (thrown) {
        // Groups changed meanwhile, and with them went every record that was made from them.
        if (!(thrown instanceof TokenRefused) || signal.aborted) throw thrown;
        return callTokens.lend(rights, call);
      }
    },
  };
}
