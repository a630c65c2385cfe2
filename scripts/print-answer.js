// Prints an answer of the API for people: print-answer.js VIEW FILE.
import { readFileSync } from 'node:fs';

// Text of servers is not ours: control characters could drive the terminal.
const clean = (value) => String(value ?? '').replace(/\p{Cc}+/gu, ' ');

function table(heads, rows) {
  const lines = [heads, ...rows.map((row) => row.map(clean))];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const pairs = (entries) =>
  entries
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${`${name}:`.padEnd(13)} ${clean(value)}`)
    .join('\n');

const healthOf = ({ health = {} }) =>
  health.usable === 'ok' || health.reachable === 'no' || health.reachable === 'unknown'
    ? { yes: 'ok', no: 'unreachable', unknown: 'not checked' }[health.reachable]
    : health.usable;

function gatewayOf({ gateway }) {
  if (gateway === undefined) return '';
  const { state, generation, reason } = gateway;
  const meaning = {
    applied: `nginx serves it (generation ${generation})`,
    unchanged: 'nothing changed for nginx',
    pending: 'nginx has not confirmed it yet; ask again with scripts/show.sh',
    rejected: 'nginx refused it and serves what it served before',
  }[state];
  return pairs([['gateway', `${state}: ${meaning}${reason ? `: ${reason}` : ''}`]]);
}

const serverOf = (s) =>
  pairs([
    ['path', s.path],
    ['name', s.name],
    ['description', s.description],
    ['url', s.url],
    ['endpoint', s.endpoint],
    ['transport', s.transport],
    ['speaks', [s.detectedTransport, s.protocolVersion, s.era].filter(Boolean).join(', ')],
    ['enabled', s.enabled ? 'yes' : 'no'],
    ['access', s.access],
    ['tags', (s.tags ?? []).join(', ')],
    ['owner', s.owner],
    ['public URL', s.publicUrl],
    ['SSE URL', s.sseUrl],
    ['tools', s.toolsStale ? `${s.toolCount}, an old list: ${s.toolsStale}` : s.toolCount],
    ['warnings', s.warnings?.join('; ')],
    ['health', [healthOf(s), s.health?.message].filter(Boolean).join(': ')],
    ['checked', s.health?.checkedAt],
    ['left out', s.exclusion && `${s.exclusion.reason}: ${s.exclusion.detail}`],
    ['revision', s.revision],
  ]);

const joined = (...parts) => parts.filter(Boolean).join('\n');

const VIEWS = {
  servers: ({ servers, total, nextCursor }) =>
    joined(
      table(
        ['PATH', 'NAME', 'ENABLED', 'HEALTH', 'TOOLS', 'URL'],
        servers.map((s) => [
          s.path,
          s.name,
          s.enabled ? 'yes' : 'no',
          s.exclusion ? `left out: ${s.exclusion.reason}` : healthOf(s),
          s.toolCount,
          s.url,
        ]),
      ),
      `${servers.length} of ${total ?? servers.length} servers` +
        (nextCursor ? `; more with --cursor ${clean(nextCursor)}` : ''),
    ),
  server: (answer) => joined(serverOf(answer), gatewayOf(answer)),
  gateway: (answer) => gatewayOf(answer),
  refreshed: (answer) => {
    const of = (change = {}) =>
      ['added', 'removed', 'changed']
        .filter((kind) => change[kind]?.length)
        .map((kind) => `${kind} ${change[kind].join(', ')}`)
        .join('; ') || 'no change';
    const { health = {}, changes } = answer;
    return joined(
      pairs([['health', [healthOf(answer), health.message].filter(Boolean).join(': ')]]),
      pairs(['tools', 'prompts', 'resources'].map((kind) => [kind, of(changes[kind])])),
      gatewayOf(answer),
    );
  },
  tools: ({ tools, fetchedAt }) =>
    joined(
      table(
        ['SERVER', 'TOOL', 'DESCRIPTION'],
        tools.map((t) => [
          t.server,
          t.stale ? `${t.name} (stale)` : t.name,
          clean(t.description ?? t.title).slice(0, 90),
        ]),
      ),
      `${tools.length} tools` + (fetchedAt ? `, read at ${clean(fetchedAt)}` : ''),
    ),
  tokens: ({ tokens }) =>
    table(
      ['ID', 'NAME', 'OWNER', 'GROUPS', 'SERVER', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED'],
      tokens.map((t) => [
        t.id,
        t.name,
        t.owner,
        (t.groups ?? []).join(','),
        t.server ?? 'all',
        (t.scopes ?? []).join(','),
        t.createdAt,
        t.expiresAt ?? 'never',
        t.lastUsedAt ?? 'never',
      ]),
    ),
  token: ({ id, token, expiresAt }) =>
    joined(
      pairs([
        ['id', id],
        ['token', token],
        ['expires', expiresAt ?? 'never'],
      ]),
      'The token is shown this once. Keep it like a password.',
    ),
  problem: ({ title, detail, code, status, errors = [], requestId }) =>
    joined(
      clean([title, detail].filter(Boolean).join(': ')) + ` (${clean(code ?? status)})`,
      ...errors.map(({ field, message }) => `  ${clean(field)}: ${clean(message)}`),
      requestId && `  request ${clean(requestId)}`,
    ),
};

const [view, file] = process.argv.slice(2);
process.stdout.write(`${VIEWS[view](JSON.parse(readFileSync(file, 'utf8')))}\n`);
