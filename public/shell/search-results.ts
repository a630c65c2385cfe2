import type { FoundTool } from '../api/search';
import type { ServerSummary } from '../api/servers';

export interface SearchResult {
  readonly key: string;
  readonly kind: 'Servers' | 'Tags' | 'Tools';
  readonly title: string;
  readonly detail: string;
  readonly to: string;
}

const MOST_SERVERS = 6;
const MOST_TAGS = 4;

/** Where the words lead: servers by name, path and description, tags, and the tools that the registry found. */
export function searchResults(
  query: string,
  servers: readonly ServerSummary[],
  tools: readonly FoundTool[],
): SearchResult[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  return [
    ...serverResults(servers, words, has),
    ...tagResults(servers, words, has),
    ...tools.map(toolResult),
  ];
}

function serverResults(
  servers: readonly ServerSummary[],
  words: readonly string[],
  has: (text: string) => boolean,
): SearchResult[] {
  return servers
    .filter(({ name, path, description }) => has(`${name} ${path} ${description}`))
    .map((server) => ({
      server,
      isNamed: has(`${server.name} ${server.path}`) && words.length > 0,
    }))
    .sort((a, b) => Number(b.isNamed) - Number(a.isNamed))
    .slice(0, MOST_SERVERS)
    .map(({ server: { name, path, description } }) => ({
      key: `server ${path}`,
      kind: 'Servers',
      title: name,
      detail: description === '' ? path : `${path} · ${description}`,
      to: `/servers${path}`,
    }));
}

function tagResults(
  servers: readonly ServerSummary[],
  words: readonly string[],
  has: (text: string) => boolean,
): SearchResult[] {
  if (words.length === 0) return [];
  const counts = new Map<string, number>();
  for (const tag of servers.flatMap(({ tags }) => tags))
    counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .filter(([tag]) => has(tag))
    .slice(0, MOST_TAGS)
    .map(([tag, count]) => ({
      key: `tag ${tag}`,
      kind: 'Tags',
      title: tag,
      detail: count === 1 ? 'one server' : `${String(count)} servers`,
      to: `/servers?tag=${encodeURIComponent(tag)}`,
    }));
}

function toolResult({ tool, serverName }: FoundTool): SearchResult {
  return {
    key: `tool ${tool.server} ${tool.name}`,
    kind: 'Tools',
    title: tool.title ?? tool.name,
    detail: tool.description === undefined ? serverName : `${serverName} · ${tool.description}`,
    to: `/servers${tool.server}?tab=tools&tool=${encodeURIComponent(tool.name)}`,
  };
}
