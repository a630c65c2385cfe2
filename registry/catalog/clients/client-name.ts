import { createHash } from 'node:crypto';
import type { ClientHeader } from './client-target.js';

/**
 * Hosts put the name before each tool (`mcp__<name>__<tool>`), and models take 64 characters for both.
 */
const MAX_LENGTH = 32;
const HASH_LENGTH = 6;

/**
 * What a host calls the server: letters, digits and hyphens, which all hosts take. Gemini CLI reads an
 * underscore as the end of the name, so there are none.
 * @param path e.g. `/team/my_weather`, which gives `team-my-weather`
 */
export function clientName(path: string): string {
  const plain = path
    .replace(/^\//, '')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replace(/-+$/, '');
  if (plain.length <= MAX_LENGTH) return plain;
  // Long paths that begin alike must not get the same name.
  const hash = createHash('sha256').update(path).digest('hex').slice(0, HASH_LENGTH);
  return `${plain.slice(0, MAX_LENGTH - HASH_LENGTH - 1).replace(/-+$/, '')}-${hash}`;
}

/** Name of the environment variable with the value of a header: `MCP_WEATHER_TOKEN`. */
export function variableName(path: string, { carries }: ClientHeader): string {
  const name = clientName(path).toUpperCase().replaceAll('-', '_');
  return `MCP_${name}_${carries === 'token' ? 'TOKEN' : 'CREDENTIAL'}`;
}
