import type { AuditEntry } from './audit-entry.js';
import type { AuditFilters } from './audit-log.js';

/** Whether an entry is among those that are asked for. */
export function matchesFilters(entry: AuditEntry, filters: AuditFilters): boolean {
  const { actor, action, target, from, to, outcome } = filters;
  const time = Date.parse(entry.time);
  return (
    (actor === undefined || entry.actor.username === actor) &&
    (action === undefined || isOfAction(entry.action, action)) &&
    (target === undefined || [entry.target.id, entry.target.server].includes(target)) &&
    (from === undefined || time >= Date.parse(from)) &&
    (to === undefined || time < Date.parse(to)) &&
    (outcome === undefined || isOfOutcome(entry.outcome, outcome))
  );
}

function isOfAction(action: string, wanted: string): boolean {
  return wanted.endsWith('.*') ? action.startsWith(wanted.slice(0, -1)) : action === wanted;
}

function isOfOutcome(outcome: string, wanted: string): boolean {
  return wanted === 'refused' ? outcome !== 'ok' : outcome === wanted;
}
