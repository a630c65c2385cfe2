import type { Tool } from '../../registry/catalog/discovery.js';
import { parseServerPath } from '../../registry/catalog/server-path.js';
import { combineFindings } from '../../registry/search/combine-findings.js';
import { createMeaningIndex } from '../../registry/search/meaning-index.js';
import { createToolIndex } from '../../registry/search/tool-index.js';
import { createDice } from './dice.js';
import { ranged, section } from './markdown-table.js';
import { spread } from './statistics.js';

/** `npm run bench:search`: how much processor time the tool finder needs to index tools and to answer. */

const SIZES = [200, 400];
const TOOLS_EACH = 25;
const VOCABULARY = 4000;
const ROUNDS = 5;
const QUERIES = 200;
/** Of small embedding models. */
const DIMENSIONS = 384;

const dice = createDice(7);
const SYLLABLES = 'ba ce di fo gu ka le mi no pu ra se ti vo wa xe zi lor men tan'.split(' ');
const words = Array.from({ length: VOCABULARY }, () =>
  Array.from({ length: 2 + dice(3) }, () => SYLLABLES[dice(SYLLABLES.length)] ?? '').join(''),
);
/** Few words are everywhere and most are rare, as in texts that people write. */
const word = () => words[Math.floor((dice(1000) / 1000) ** 3 * VOCABULARY)] ?? '';
/** What names of tools begin with, and questions: much the same words, and those that have most kin. */
const VERBS = 'list get create delete update search send show find remove'.split(' ');
const verb = () => VERBS[dice(VERBS.length)] ?? '';
const text = (length: number) => Array.from({ length }, word).join(' ');

const makeServers = (count: number) =>
  Array.from({ length: count }, (_, at) => {
    const path = parseServerPath(`/team/server-${at}`);
    if (!path.ok) throw new Error(path.problem);
    const tools = Array.from({ length: TOOLS_EACH }, (): Tool => {
      const properties = Array.from({ length: 4 }, () => [word(), { description: text(8) }]);
      return {
        name: `${verb()}_${word()}`,
        description: text(40),
        inputSchema: { type: 'object', properties: Object.fromEntries(properties) as object },
      };
    });
    return { server: { path: path.value, name: text(2), tags: [word()] }, tools };
  });
type Servers = ReturnType<typeof makeServers>;

const misspelt = (of: string) => `${of.slice(0, 2)}${of.slice(3)}`;
const KINDS: readonly (readonly [string, () => string])[] = [
  ['one word', word],
  ['four words', () => text(4)],
  ['four words, one misspelt', () => `${text(3)} ${misspelt(word())}`],
  ['a verb and three words', () => `${verb()} ${text(3)}`],
  ['a sentence of 20 words', () => `${verb()} ${text(19)}`],
];

/** Milliseconds of processor time: other work on the machine does not count. */
function timed(work: () => void): number {
  const begin = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}

function buildIndex(servers: Servers) {
  const index = createToolIndex();
  for (const { server, tools } of servers) index.put(server, tools);
  return index;
}

/** Every tool has a vector of its own, and each query one that is none of them. */
function buildMeanings(servers: Servers) {
  const vectors = new Map<string, Float32Array>();
  const meanings = createMeaningIndex({ get: (hash) => vectors.get(hash) }, 'none');
  for (const { server, tools } of servers) meanings.put(server, tools);
  for (const { hash } of meanings.missing()) vectors.set(hash, makeVector());
  return meanings;
}

function makeVector(): Float32Array {
  return Float32Array.from({ length: DIMENSIONS }, () => (dice(2001) - 1000) / 10_000);
}

function measure(servers: Servers): string[] {
  const index = buildIndex(servers);
  const meanings = buildMeanings(servers);
  const repeated = (work: () => void) => Array.from({ length: ROUNDS }, () => timed(work));
  const [first] = servers;
  const steps: readonly (readonly [string, () => void])[] = [
    ['index all', () => buildIndex(servers)],
    [
      'the same again',
      () => {
        for (const { server, tools } of servers) index.put(server, tools);
      },
    ],
    [
      'one server with other tools, and back',
      () => {
        if (first === undefined) return;
        index.put(first.server, first.tools.slice(1));
        index.put(first.server, first.tools);
      },
    ],
  ];
  const everything = { limit: 50, admits: () => true };
  const rows = KINDS.flatMap(([kind, make]) => {
    const times = (search: (query: string) => void) =>
      Array.from({ length: QUERIES }, () => {
        const query = make();
        return timed(() => {
          search(query);
        });
      });
    const byWords = times((query) => index.find({ text: query, ...everything }));
    const vector = makeVector();
    const hybrid = times((query) => {
      combineFindings(
        index.find({ text: query, ...everything }),
        meanings.near(vector, everything).tools,
      );
    });
    return [
      [kind, 'words', ...figures(byWords)],
      [kind, 'words and meaning', ...figures(hybrid)],
    ];
  });
  return [
    section(
      `Tool finder, ${servers.length * TOOLS_EACH} tools of ${servers.length} servers`,
      ['step', 'CPU ms'],
      steps.map(([step, work]) => [step, ranged(spread(repeated(work)), 1)]),
    ),
    section(
      'Queries, without the time of the embeddings endpoint',
      ['query', 'by', 'CPU ms', 'p95', 'p99'],
      rows,
    ),
  ];
}

function figures(times: readonly number[]): string[] {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(times.length * share)] ?? 0).toFixed(1);
  return [ranged(spread(times), 1), at(0.95), at(0.99)];
}

const sections = SIZES.flatMap((count) => measure(makeServers(count)));
process.stdout.write([...sections, ''].join('\n'));
