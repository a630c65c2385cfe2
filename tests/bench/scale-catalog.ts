import type { Discovery, Tool } from '../../registry/catalog/discovery.js';
import { parseServerPath } from '../../registry/catalog/server-path.js';
import { createFileDiscoveryStore } from '../../registry/store/file/file-discovery-store.js';
import { fillers, writeCatalog } from './catalog-file.js';
import { createDice } from './dice.js';

export const TOOLS_EACH = 20;

const VERBS = 'list get search create update delete export archive assign compare'.split(' ');
const OBJECTS = (
  'invoice customer ticket document pipeline deployment incident calendar message contract shipment dataset ' +
  'dashboard employee payment warehouse campaign repository certificate forecast'
).split(' ');
const PARAMETERS = (
  'query limit cursor identifier project owner status region priority language currency since until folder template ' +
  'recipient format includeArchived sortBy notify'
).split(' ');
const SYLLABLES = 'ba ce di fo gu ka le mi no pu ra se ti vo wa xe zi lor men tan'.split(' ');

const SILENT = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

/** Writes a catalog of enabled servers, and what was discovered of each, before the registry starts. */
export async function writeScaleCatalog(
  dataDir: string,
  upstreamUrl: string,
  servers: number,
): Promise<void> {
  const entries = fillers(servers);
  const dice = createDice(servers);
  // People do not register servers in the order of their paths.
  writeCatalog(dataDir, upstreamUrl, pick(entries, servers, dice));
  const store = createFileDiscoveryStore({ dataDir, log: SILENT });
  const toolsFetchedAt = new Date().toISOString();
  await Promise.all(
    entries.map(({ path }, index) => {
      const parsed = parseServerPath(path);
      if (!parsed.ok) throw new Error(parsed.problem);
      const url = `${upstreamUrl}/mcp`;
      const found: Discovery = {
        of: url,
        endpoint: { url, transport: 'streamable-http' },
        era: 'modern',
        protocolVersion: '2026-07-28',
        serverInfo: { name: productOf(index), version: '1.0.0' },
        capabilities: ['tools'],
        tools: makeTools(productOf(index), dice),
        prompts: [],
        resources: [],
        toolsFetchedAt,
        warnings: [],
      };
      return store.save(parsed.value, found);
    }),
  );
}

/** A word that no other server has, so that there are many rare words, as there are in real catalogs. */
export function productOf(server: number): string {
  const at = (place: number) => SYLLABLES[Math.floor(server / 20 ** place) % 20] ?? '';
  return `${at(0)}${at(1)}${at(2)}${at(3)}`;
}

/** Each has other parameters, with a schema of 400 to 600 bytes. */
function makeTools(product: string, dice: (limit: number) => number): Tool[] {
  const first = dice(OBJECTS.length);
  return Array.from({ length: TOOLS_EACH }, (_, index) => {
    const verb = VERBS[index % VERBS.length] ?? '';
    const object = OBJECTS[(first + Math.floor(index / VERBS.length)) % OBJECTS.length] ?? '';
    const names = pick(PARAMETERS, 4 + dice(2), dice);
    return {
      name: `${verb}_${object}s`,
      description: `Lets you ${verb} ${object}s in ${product}, one or several at once, by ${names.join(' and ')}. Answers with the ${object}s that were met and says what could not be done.`,
      inputSchema: {
        type: 'object',
        properties: Object.fromEntries(
          names.map((name) => [
            name,
            { type: 'string', description: `The ${name} of the ${object} as ${product} knows it` },
          ]),
        ),
        required: names.slice(0, 1),
        additionalProperties: false,
      },
    };
  });
}

function pick<Item>(from: readonly Item[], count: number, dice: (limit: number) => number): Item[] {
  const left = [...from];
  return Array.from({ length: count }, () => left.splice(dice(left.length), 1)).flat();
}
