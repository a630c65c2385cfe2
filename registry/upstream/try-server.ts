import type { Era, SpokenTransport } from '../catalog/server.js';
import { underDeadline } from './deadline.js';
import { toolsOf } from './discover.js';
import { listPages } from './list-pages.js';
import { legacySource } from './list-source.js';
import { withMcpClient } from './mcp-client.js';
import type { Fetch } from './outbound-channel.js';

/** One thing that a client does with a server, by the name of its request. */
interface TrialStep {
  readonly name: string;
  readonly ok: boolean;
  readonly durationMs: number;
  /** Why it failed, for people. */
  readonly detail?: string;
}

/** How far a client came with a server. */
export interface ServerTrial {
  readonly steps: readonly TrialStep[];
  readonly era?: Era;
  readonly protocolVersion?: string;
  readonly serverInfo?: {
    readonly name: string;
    readonly version: string;
    readonly title?: string;
  };
  readonly toolCount?: number;
}

/** A trial, and what ended it early. */
interface TrialResult extends ServerTrial {
  readonly fault?: {
    readonly step: string;
    readonly durationMs: number;
    readonly thrown: unknown;
  };
}

const MAX_TEXT = 256;

/**
 * Does with a server what every client does first: introduces itself and lists the tools. Never throws, and leaves no
 * session behind.
 * @param target `url` is the gateway's own; it is not judged by the outbound policy
 */
export async function tryServer(target: {
  readonly url: string;
  readonly transport: SpokenTransport;
  readonly signal: AbortSignal;
  /** For everything together. */
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch: Fetch;
}): Promise<TrialResult> {
  const { timeoutMs, signal: outer } = target;
  const steps: TrialStep[] = [];
  let learned: Omit<ServerTrial, 'steps'> = {};
  let current = 'initialize';
  let startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  const begin = (name: string) => {
    current = name;
    startedAt = performance.now();
  };
  const pass = (name: string) => void steps.push({ name, ok: true, durationMs: elapsed() });
  try {
    await underDeadline(timeoutMs, outer, (signal) =>
      withMcpClient({ ...target, signal }, async (client) => {
        const era = client.getProtocolEra() ?? 'legacy';
        pass(era === 'modern' ? 'server/discover' : 'initialize');
        const source = legacySource(client, { signal, timeout: timeoutMs });
        learned = { era, ...introduction(source) };
        if (source.capabilities.tools === undefined) return;
        begin('tools/list');
        const { items } = await listPages(source, toolsOf(era));
        pass(current);
        learned = { ...learned, toolCount: items.length };
      }),
    );
    return { steps, ...learned };
  } catch (thrown) {
    return { steps, ...learned, fault: { step: current, durationMs: elapsed(), thrown } };
  }
}

function introduction({ protocolVersion, serverInfo }: ReturnType<typeof legacySource>) {
  const short = (value: unknown) => (typeof value === 'string' ? value.slice(0, MAX_TEXT) : '');
  return {
    ...(protocolVersion !== undefined && { protocolVersion }),
    ...(serverInfo && {
      serverInfo: {
        name: short(serverInfo.name),
        version: short(serverInfo.version),
        ...(typeof serverInfo.title === 'string' && { title: short(serverInfo.title) }),
      },
    }),
  };
}
