import type { CallTokens } from '../access/call-tokens.js';
import type { Principal } from '../access/principal.js';
import type { Server, SpokenTransport } from '../catalog/server.js';
import type { Store } from '../store/store.js';
import { requireCallRules } from './call-rights.js';
import { TokenRefused, type ToolCaller, type ToolResult } from './tool-caller.js';

/** Who runs a tool, and until when they wait for it. */
export interface Caller {
  readonly principal: Principal;
  readonly signal: AbortSignal;
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
}

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
    async run({ server, ...trial }, { principal, signal }) {
      const { path, timeoutSeconds } = server;
      const call = (token?: string) =>
        toolCaller.call({
          path,
          ...trial,
          timeoutSeconds,
          signal,
          ...(token !== undefined && { token }),
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
