import type { ServerProbe } from '../../api/probe';
import { elapsedText } from '../../components/elapsed-text';
import type { AuthValues } from './auth-values';

export interface Finding {
  readonly label: string;
  readonly text: string;
  readonly mood: 'good' | 'bad' | 'warn' | 'plain';
}

const ERAS = { legacy: 'legacy (before 2026-07-28)', modern: 'modern (2026-07-28 and later)' };

/** What a test says, in the order in which people look for the cause of a fault. */
export function findingsOf(
  result: ServerProbe,
  tried: { readonly url: string; readonly verify: boolean; readonly auth: AuthValues['type'] },
): readonly Finding[] {
  const { health, era, protocolVersion, transport, endpoint, serverInfo } = result;
  const protocol = [
    transport === 'sse' ? 'HTTP+SSE' : transport === undefined ? '' : 'Streamable HTTP',
    protocolVersion ?? '',
    era === undefined ? '' : ERAS[era],
  ].filter(Boolean);
  return [
    answerOf(result),
    ...(endpoint === undefined ? [] : [plain('Endpoint', endpoint)]),
    ...(protocol.length === 0 ? [] : [plain('Protocol', protocol.join(', '))]),
    ...(serverInfo === undefined
      ? []
      : [plain('Server', `${serverInfo.title ?? serverInfo.name} ${serverInfo.version}`)]),
    tlsOf(endpoint ?? tried.url, tried.verify, health),
    authOf(health, tried.auth),
  ];
}

function answerOf({ health, durationMs }: ServerProbe): Finding {
  const label = 'Answer';
  const took = `in ${elapsedText(durationMs)}`;
  const why = health.message ?? health.cause ?? 'no reason was given';
  if (health.usable === 'ok') return { label, text: `It works, ${took}`, mood: 'good' };
  if (health.usable === 'auth-required') {
    return { label, text: `It answers ${took}, and asks for credentials`, mood: 'warn' };
  }
  return health.reachable === 'yes'
    ? { label, text: `It answers, and not as an MCP server should: ${why}`, mood: 'bad' }
    : { label, text: `It cannot be reached: ${why}`, mood: 'bad' };
}

function tlsOf(url: string, verify: boolean, health: ServerProbe['health']): Finding {
  const label = 'TLS';
  if (!url.startsWith('https:')) {
    return { label, text: 'None: the connection is not encrypted', mood: 'plain' };
  }
  if (health.cause === 'tls') return { label, text: health.message ?? 'It failed', mood: 'bad' };
  if (health.reachable !== 'yes') {
    return { label, text: 'Not known: there was no connection', mood: 'plain' };
  }
  return verify
    ? { label, text: 'The certificate was verified', mood: 'good' }
    : { label, text: 'Encrypted; the certificate was not verified', mood: 'warn' };
}

function authOf(health: ServerProbe['health'], auth: AuthValues['type']): Finding {
  const label = 'Credentials';
  if (health.usable === 'auth-required') {
    const text =
      auth === 'none'
        ? 'The server wants some, and none are given'
        : auth === 'pass-through'
          ? 'The server wants those of the client, which a test does not have'
          : 'The server did not take those that are given';
    return { label, text, mood: auth === 'pass-through' ? 'plain' : 'bad' };
  }
  if (health.cause === 'auth-token-failed' || health.cause === 'credential-unreadable') {
    return { label, text: health.message ?? health.cause, mood: 'bad' };
  }
  if (health.cause === 'forbidden') {
    return { label, text: 'The server knows them, and forbids the access', mood: 'bad' };
  }
  if (health.usable !== 'ok') return { label, text: 'Not known', mood: 'plain' };
  return auth === 'none'
    ? { label, text: 'It needs none to list what it offers', mood: 'plain' }
    : { label, text: 'The server takes them', mood: 'good' };
}

function plain(label: string, text: string): Finding {
  return { label, text, mood: 'plain' };
}
