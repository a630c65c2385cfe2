// Prints an answer of the API for people: print-answer.js VIEW FILE.
import { readFileSync } from 'node:fs';

// Text of servers is not ours: control characters could drive the terminal.
const clean = (value) => String(value ?? '').replace(/\p{Cc}+/gu, ' ');

// Of text in a table, as much as a line bears.
const short = (value) => {
  const text = clean(value);
  return text.length > 90 ? `${text.slice(0, 89)}…` : text;
};

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
    applied: `in effect at nginx (generation ${generation})`,
    unchanged: 'nothing changed for nginx',
    pending: 'nginx has not confirmed it yet; ask again with scripts/show.sh',
    rejected: 'nginx refused it and serves what it served before',
  }[state];
  return pairs([['gateway', `${state}: ${meaning}${reason ? `: ${reason}` : ''}`]]);
}

const leftOut = ({ exclusion }) => exclusion && `${exclusion.reason}: ${exclusion.detail}`;

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
    [
      'pulled from',
      s.origin && [s.origin.registry, s.origin.name, s.origin.version, s.origin.status].join(' '),
    ],
    ['public URL', s.publicUrl],
    ['SSE URL', s.sseUrl],
    ['tools', s.toolsStale ? `${s.toolCount}, an old list: ${s.toolsStale}` : s.toolCount],
    ['warnings', s.warnings?.join('; ')],
    ['health', [healthOf(s), s.health?.message].filter(Boolean).join(': ')],
    ['checked', s.health?.checkedAt],
    ['left out', leftOut(s)],
    ['revision', s.revision],
  ]);

const taken = (results) =>
  table(
    ['OUTCOME', 'PATH', 'NAME', 'WHY'],
    results.map(({ outcome, path, name, problems, notes }) => [
      outcome,
      path,
      name,
      [...problems.map(({ field, message }) => `${field} ${message}`), ...notes].join('; '),
    ]),
  );

const registryOf = ({ id, url, search, existing, everyHours, owner, lastPull }) => [
  id,
  url + (search ? ` (${search})` : ''),
  everyHours ? `every ${everyHours} h` : 'when asked',
  existing,
  owner,
  lastPull ? `${lastPull.at} ${lastPull.error ?? countsOf(lastPull.outcomes)}` : 'never',
];

const countsOf = (outcomes = {}) =>
  Object.entries(outcomes)
    .map(([outcome, count]) => `${outcome} ${count}`)
    .join(', ') || 'nothing had changed';

const registryTable = (registries) =>
  table(['ID', 'REGISTRY', 'PULLED', 'EXISTING', 'OWNER', 'LAST PULL'], registries.map(registryOf));

const storedNothing = (dryRun) => (dryRun ? '; nothing was stored' : '');

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
  imported: ({ dryRun, results }) =>
    joined(taken(results), `${results.length} servers in the file${storedNothing(dryRun)}`),
  pulled: ({ dryRun, results, registry, changedUntil }) =>
    joined(
      taken(results),
      `${results.length} servers of ${clean(registry)}${storedNothing(dryRun)}`,
      changedUntil && `next time: --since ${clean(changedUntil)}`,
    ),
  registry: (answer) => registryTable([answer]),
  registries: ({ registries }) => registryTable(registries),
  exported: (answer) => JSON.stringify(answer, null, 2),
  hosts: ({ hosts }) =>
    table(
      ['HOST', 'PROGRAM'],
      hosts.map(({ id, title }) => [id, title]),
    ),
  // Text to be copied into a file; its lines are our own.
  client: ({ text }) => text.replace(/\n$/, ''),
  clientNotes: ({ title, file, placeholder, installUrl, notes }) =>
    joined(
      pairs([
        ['for', title],
        ['file', file],
        ['install', installUrl],
        ['put in', placeholder && `a token of the gateway for ${placeholder}`],
      ]),
      ...notes.map((note) => clean(note)),
    ),
  gateway: (answer) => joined(pairs([['left out', leftOut(answer)]]), gatewayOf(answer)),
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
          short(t.description ?? t.title),
        ]),
      ),
      `${tools.length} tools` + (fetchedAt ? `, read at ${clean(fetchedAt)}` : ''),
    ),
  found: ({ mode, modeReason, results }) =>
    joined(
      table(
        ['SCORE', 'SERVER', 'TOOL', 'WHY'],
        results.map(({ tool, score, reasons }) => [
          score,
          tool.server,
          tool.name,
          short(reasons.join('; ')),
        ]),
      ),
      `${results.length} tools, found by ${mode === 'hybrid' ? 'words and meaning' : 'words'}`,
      modeReason && clean(modeReason),
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
  problem: ({ title, detail, code, status, errors = [], requestId, error }) => {
    // nginx says so where the registry does not.
    if (error?.data) return `${clean(error.message)} (${clean(error.data.error)})`;
    if (title === undefined) throw new Error('no problem of the API');
    const isOfFields = code === 'validation-failed' && errors.length > 0;
    return joined(
      clean([title, !isOfFields && detail].filter(Boolean).join(': ')) +
        ` (${clean(code ?? status)})`,
      ...errors.map(({ field, message }) => `  ${clean(field)}: ${clean(message)}`),
      requestId && `  request ${clean(requestId)}`,
    );
  },
};

const [view, file] = process.argv.slice(2);
try {
  process.stdout.write(`${VIEWS[view](JSON.parse(readFileSync(file, 'utf8')))}\n`);
} catch {
  // Something else than the gateway answered, and whoever called says so.
  process.exitCode = 1;
}
