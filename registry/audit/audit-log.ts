import type { AuditEntry } from './audit-entry.js';

/** Which entries are asked for; all conditions hold together. */
export interface AuditFilters {
  /** User name of the actor. */
  readonly actor?: string | undefined;
  /** An action, or a family of them such as `server.*`. */
  readonly action?: string | undefined;
  /** Id of the target; the path of a server also finds its tools. */
  readonly target?: string | undefined;
  /** ISO 8601, inclusive. */
  readonly from?: string | undefined;
  /** ISO 8601, exclusive. */
  readonly to?: string | undefined;
  /** `ok`, `refused` (everything else), or a code. */
  readonly outcome?: string | undefined;
}

export interface AuditPageRequest {
  readonly filters: AuditFilters;
  /** The `nextCursor` of an earlier page with the same filters. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface AuditPage {
  /** Newest first; may be fewer than the limit although there are more. */
  readonly entries: readonly AuditEntry[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/** Whether entries can be kept. */
export type AuditHealth =
  | { readonly writable: true }
  | {
      readonly writable: false;
      readonly reason: string;
      /** Entries in memory that are tried again. */
      readonly waiting: number;
    };

/** Where entries are kept, for good: nothing changes or takes back an entry. */
export interface AuditLog {
  /** Takes an entry, in order. Does not wait for the disk and does not throw. */
  record(entry: AuditEntry): void;
  /** Everything that was recorded before is found. @throws RegistryError `validation-failed` for a foreign cursor */
  query(request: AuditPageRequest): Promise<AuditPage>;
  health(): AuditHealth;
  /** Writes what is waiting. */
  close(): Promise<void>;
}
