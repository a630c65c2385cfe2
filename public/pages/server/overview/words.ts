import type { ServerView } from '../../../api/servers';

const TRANSPORTS = {
  auto: 'found out by itself',
  'streamable-http': 'Streamable HTTP',
  sse: 'HTTP with SSE',
} as const;

/** `MCP 2025-11-25, with sessions`. */
export function eraText({
  era,
  protocolVersion,
}: Pick<ServerView, 'era' | 'protocolVersion'>): string {
  if (era === undefined) return 'Not known yet';
  const version = protocolVersion === undefined ? 'MCP' : `MCP ${protocolVersion}`;
  return `${version} (${era === 'modern' ? 'modern, without handshake' : 'legacy, with a handshake'})`;
}

/** What is spoken, and whether that was chosen or found. */
export function transportText({
  transport,
  detectedTransport,
}: Pick<ServerView, 'transport' | 'detectedTransport'>): string {
  if (transport !== 'auto') return `${TRANSPORTS[transport]} (chosen)`;
  if (detectedTransport === undefined) return 'Not known yet';
  return `${TRANSPORTS[detectedTransport]} (found)`;
}

const UNITS = [
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** `1 hour`, `90 seconds`: in the largest unit that leaves nothing over. */
export function durationText(seconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => seconds % each === 0) ?? ['second', 1];
  const count = seconds / size;
  return `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;
}
