import type { Catalog } from '../catalog/catalog.js';
import type { CertificateLife } from './certificate/certificate-life.js';

/** Why a server is left out of a generation, or is in it without an upstream. */
export type ExclusionReason =
  /** The stored record breaks the schema. */
  | 'invalid-record'
  /** The host name has no address; the route exists and answers 502. */
  | 'upstream-unresolved'
  /** An https address without a name: nginx finds no certificate that fits it; the route exists. */
  | 'upstream-unverifiable'
  /** The outbound policy forbids the address. */
  | 'upstream-refused-by-policy'
  /** nginx refused the configuration with this server in it; `detail` is nginx's message. */
  | 'refused-by-nginx';

export interface Exclusion {
  readonly path: string;
  readonly reason: ExclusionReason;
  readonly detail: string;
}

/** What nginx made of the catalog. `unchanged`: the change does not concern nginx. */
export interface GatewayOutcome {
  readonly state: 'applied' | 'pending' | 'rejected' | 'unchanged';
  /** Hash of the generation that nginx serves; empty before the first. */
  readonly generation: string;
  readonly reason?: string;
}

/** An attempt to make nginx serve something else, and what became of it. */
export interface PastOutcome extends Pick<GatewayOutcome, 'generation' | 'reason'> {
  /** ISO 8601. */
  readonly at: string;
  readonly state: 'applied' | 'rejected';
  /** Of the catalog that was to be served. */
  readonly revision?: number;
}

/** The revisions of the catalog that made a configuration another one: those above `after`, up to `upTo`. */
interface GenerationOrigin {
  readonly after: number;
  /** The same as `after`: the catalog did not change, and something else did. */
  readonly upTo: number;
  /** ISO 8601; when the configuration before it was applied. */
  readonly since: string;
}

/** A configuration that is still on disk. */
export interface KeptGeneration {
  readonly generation: string;
  /** ISO 8601; absent where it was never verified, or before that was noted. */
  readonly appliedAt?: string;
  /** The newest revision of the catalog that gave this configuration. */
  readonly revision?: number;
  /** What stands between it and the configuration before it, when it was applied last; absent where that is not known. */
  readonly origin?: GenerationOrigin;
  readonly live: boolean;
}

/** The certificate of the HTTPS listener. */
export interface CertificateStatus {
  /** Of the one that is served; `expiring`: within 14 days. `missing`: there never was a good one. */
  readonly state: CertificateLife | 'missing';
  readonly names: readonly string[];
  /** ISO 8601. */
  readonly expiresAt?: string;
  /** Why the files hold something else than what is served. */
  readonly reason?: string;
}

export interface GatewayStatus extends GatewayOutcome {
  /** ISO 8601; when the served generation was verified. */
  readonly appliedAt?: string;
  readonly exclusions: readonly Exclusion[];
  /** Old nginx workers that still serve the streams they had before a reload. */
  readonly drainingWorkers: number;
  /** Absent without HTTPS of our own. */
  readonly certificate?: CertificateStatus;
  /** The last ones since the registry started, newest first. */
  readonly outcomes: readonly PastOutcome[];
  /** Reloads since the registry started. */
  readonly reloads: number;
  readonly nginx: {
    readonly mode: 'managed' | 'external' | 'none';
    readonly pid?: number;
    readonly version?: string;
  };
}

/** A file of a generation; `path` is relative to the generation's folder. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

export interface Preview {
  /** The lines that would be rendered for the servers that the change touches. */
  readonly files: readonly ConfigFile[];
  readonly exclusions: readonly Exclusion[];
  /** Whether nginx would be reloaded. */
  readonly reload: boolean;
}

/** Makes nginx serve what the catalog says, and tells what it serves. */
export interface Gateway {
  /** Brings nginx up (or adopts it) with the best configuration available. Does not wait for upstreams. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Notes that the plan may have changed. `at-once` skips coalescing: somebody took something away. */
  changed(urgency: 'soon' | 'at-once'): void;
  /** What became of the changes noted so far; `pending` when that is not known within `withinMs`. */
  outcome(withinMs: number): Promise<GatewayOutcome>;
  status(): GatewayStatus;
  /** Text of the generation that nginx serves. */
  liveFiles(): readonly ConfigFile[];
  /** What is kept of earlier configurations, newest first. */
  generations(): readonly KeptGeneration[];
  /** Text of one of them; undefined when it is not kept. */
  generationFiles(generation: string): readonly ConfigFile[] | undefined;
  /** Has nginx go on in new log files, after the old ones were renamed. False when it does not run. */
  reopenLogs(): boolean;
  /** Calls back when the status may be another one. Returns the way to stop it. */
  subscribe(listener: () => void): () => void;
  /** What nginx would be given for `catalog`, shown for the servers at `paths`. Changes nothing. */
  preview(catalog: Catalog, paths: readonly string[]): Preview;
}
