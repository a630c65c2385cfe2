import { z } from 'zod';
import type { Server, SpokenTransport } from '../../catalog/server.js';
import type { Discovery } from '../../catalog/discovery.js';
import { publicUrlOf, serverViewSchema } from './server-view.js';
import type { GatewayTrial } from '../tools/tool-caller.js';

const { era, protocolVersion, serverInfo } = serverViewSchema.shape;

/** How far a client comes with a server at the gateway. */
export const trialViewSchema = z.strictObject({
  ok: z.boolean(),
  url: z.string().meta({ description: 'Where clients reach it.' }),
  steps: z
    .array(
      z.strictObject({
        name: z.string().meta({ description: 'Of the request, e.g. `initialize`, `tools/list`.' }),
        ok: z.boolean(),
        durationMs: z.int(),
        detail: z.string().optional().meta({ description: 'Why it failed.' }),
      }),
    )
    .readonly(),
  era,
  protocolVersion,
  serverInfo,
  toolCount: z.int().optional().meta({ description: 'Of the tools that the caller may use.' }),
});
export type TrialView = z.output<typeof trialViewSchema>;

/** Over which transport clients of the gateway speak to a server. */
export function spokenTransport(
  server: Pick<Server, 'transport'>,
  discovery: Discovery | undefined,
): SpokenTransport {
  if (discovery !== undefined) return discovery.endpoint.transport;
  return server.transport === 'sse' ? 'sse' : 'streamable-http';
}

/** @param publicUrl of the gateway, without a trailing slash */
export function viewTrial(
  { isTokenRefused: _, ...trial }: GatewayTrial,
  server: Server,
  transport: SpokenTransport,
  publicUrl: string,
): TrialView {
  const url =
    transport === 'sse' ? `${publicUrl}${server.path}/sse` : publicUrlOf(server, publicUrl);
  return { ...trial, url };
}
