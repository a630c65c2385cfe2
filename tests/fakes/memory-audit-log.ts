import type { AuditEntry } from '../../registry/audit/audit-entry.js';
import type { AuditHealth, AuditLog } from '../../registry/audit/audit-log.js';
import { matchesFilters } from '../../registry/audit/matches-filters.js';

/** An audit log that forgets everything at the end. */
export interface MemoryAuditLog extends AuditLog {
  /** Oldest first. */
  readonly entries: readonly AuditEntry[];
  setHealth(health: AuditHealth): void;
}

export function createMemoryAuditLog(): MemoryAuditLog {
  const entries: AuditEntry[] = [];
  let health: AuditHealth = { writable: true };
  return {
    entries,
    record: (entry) => {
      entries.push(entry);
    },
    query: ({ filters, cursor = '0', limit }) => {
      const found = entries.filter((entry) => matchesFilters(entry, filters)).reverse();
      const end = Number(cursor) + limit;
      return Promise.resolve({
        entries: found.slice(Number(cursor), end),
        ...(end < found.length && { nextCursor: String(end) }),
      });
    },
    health: () => health,
    setHealth: (next) => {
      health = next;
    },
    close: () => Promise.resolve(),
  };
}
