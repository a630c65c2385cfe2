import { McpServer, type CallToolResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { findTimeZones, momentOf, timeIn, TimeZoneError } from './time-zones.js';

const zone = (what: string) =>
  z.string().min(1).max(64).describe(`${what}, as an IANA name such as Europe/Berlin`);

const zonedTime = z.object({
  timeZone: z.string(),
  time: z.string().describe('ISO 8601 with the offset'),
  weekday: z.string(),
  utcOffset: z.string(),
  utc: z.string(),
});

/** The clock alone changes between two equal calls, and nothing outside is asked or changed. */
const annotations = { readOnlyHint: true, destructiveHint: false, openWorldHint: false };

/** Makes the time server for one request; it keeps nothing between two calls. */
export function createTimeServer(now: () => Date = () => new Date()): McpServer {
  const server = new McpServer(
    { name: 'time', title: 'Time', version: '1.0.0' },
    {
      instructions:
        'Tells and converts times. Time zones are IANA names; list_time_zones finds them.',
    },
  );
  server.registerTool(
    'current_time',
    {
      title: 'Current time',
      description: 'The date and time now in a time zone',
      inputSchema: z.object({ timeZone: zone('The time zone').default('UTC') }),
      outputSchema: zonedTime,
      annotations,
    },
    ({ timeZone }) => answer(() => timeIn(timeZone, now())),
  );
  server.registerTool(
    'convert_time',
    {
      title: 'Convert a time',
      description: 'What the clocks of one time zone show when it is a given time in another',
      inputSchema: z.object({
        time: z
          .string()
          .max(32)
          .describe('HH:MM (today) or YYYY-MM-DDTHH:MM, in the first time zone'),
        from: zone('The time zone of the given time'),
        to: zone('The time zone that is asked for'),
      }),
      outputSchema: z.object({ from: zonedTime, to: zonedTime }),
      annotations: { ...annotations, idempotentHint: true },
    },
    ({ time, from, to }) =>
      answer(() => {
        const moment = momentOf(time, from, now());
        return { from: timeIn(from, moment), to: timeIn(to, moment) };
      }),
  );
  server.registerTool(
    'list_time_zones',
    {
      title: 'List time zones',
      description: 'The names of the known time zones that contain a text',
      inputSchema: z.object({
        filter: z
          .string()
          .max(64)
          .default('')
          .describe('Part of a name, such as "america" or "York"'),
        limit: z.number().int().min(1).max(100).default(25),
      }),
      outputSchema: z.object({ timeZones: z.array(z.string()), total: z.number().int() }),
      annotations: { ...annotations, idempotentHint: true },
    },
    ({ filter, limit }) =>
      answer(() => {
        const found = findTimeZones(filter);
        return { timeZones: found.slice(0, limit), total: found.length };
      }),
  );
  return server;
}

function answer(compute: () => object): CallToolResult {
  try {
    const structuredContent = { ...compute() };
    // Clients of the revisions before 2025-06-18 read the text alone.
    return {
      structuredContent,
      content: [{ type: 'text', text: JSON.stringify(structuredContent) }],
    };
  } catch (error) {
    if (!(error instanceof TimeZoneError)) throw error;
    return { isError: true, content: [{ type: 'text', text: error.message }] };
  }
}
