import type { Era, SpokenTransport } from './server.js';

/** A tool as the server describes it; schemas are kept whole. */
export interface Tool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

export interface Prompt {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly arguments?: readonly Readonly<Record<string, unknown>>[];
}

export interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
}

/**
 * Where an HTTP+SSE server takes messages, as a path on its own origin: one exact path when the
 * session is in the query, else a folder with the session below it.
 */
export type MessageEndpoint =
  | { readonly kind: 'exact'; readonly path: string }
  | { readonly kind: 'below'; readonly path: string };

/** How a server answered when it was last probed successfully. It decides where nginx sends calls. */
export interface Endpoint {
  /** Absolute URL, after same-origin redirects. */
  readonly url: string;
  readonly transport: SpokenTransport;
  readonly message?: MessageEndpoint;
}

/** What discovery learned of one server. It survives failures and restarts. */
export interface Discovery {
  /** The registered URL that this was learned of; facts of another address are void. */
  readonly of: string;
  readonly endpoint: Endpoint;
  readonly era: Era;
  readonly protocolVersion?: string;
  readonly serverInfo?: {
    readonly name: string;
    readonly version: string;
    readonly title?: string;
  };
  readonly instructions?: string;
  readonly capabilities: readonly string[];
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly Resource[];
  /** ISO 8601; absent until tools were listed once. */
  readonly toolsFetchedAt?: string;
  /** Set when a later listing failed, with its reason. */
  readonly stale?: string;
  /** What the listing had to leave out or stop at (page cap, repeated cursor, invalid tool). */
  readonly warnings: readonly string[];
}

/** Names of what a refresh found different. */
export interface DiscoveryChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}
