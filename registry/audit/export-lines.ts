import type { AuditEntry } from './audit-entry.js';
import { csvLine } from './csv-line.js';

/** One column of the table: its heading, and what an entry has there. */
type Column = readonly [string, (entry: AuditEntry) => unknown];

const COLUMNS: readonly Column[] = [
  ['time', ({ time }) => time],
  ['action', ({ action }) => action],
  ['outcome', ({ outcome }) => outcome],
  ['actor', ({ actor }) => actor.username],
  ['actorKind', ({ actor }) => actor.kind],
  ['tokenId', ({ actor }) => actor.tokenId],
  ['targetType', ({ target }) => target.type],
  ['target', ({ target }) => target.id],
  ['targetServer', ({ target }) => target.server],
  ['address', ({ from }) => from?.address],
  ['via', ({ from }) => from?.via],
  ['before', ({ before }) => before],
  ['after', ({ after }) => after],
  ['also', ({ also }) => also],
  ['dropped', ({ dropped }) => dropped],
  ['requestId', ({ requestId }) => requestId],
  ['id', ({ id }) => id],
];

/** The first line of the table, RFC 4180 with CRLF. */
export function csvHeading(): string {
  return csvLine(COLUMNS.map(([heading]) => heading));
}

/** An entry as a line of the table; objects are JSON. */
export function csvEntry(entry: AuditEntry): string {
  return csvLine(COLUMNS.map(([, valueOf]) => textOf(valueOf(entry))));
}

/** An entry as a line of JSON, as it is kept. */
export function jsonEntry(entry: AuditEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
