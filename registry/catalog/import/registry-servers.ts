import { parseRepositoryUrl } from '../repository.js';
import { originSchema, ORIGIN_STATUSES, type ServerOrigin } from '../server-origin.js';
import { authOfHeaders, variableIn, type ImportedHeader } from './import-auth.js';
import type { ImportDraft } from './import-draft.js';
import { transportNamed, urlWithAuth } from './import-url.js';
import { fieldsIn, listIn, textIn, type Fields } from './read-json.js';

/** A URL may be shorter still; variables must not make a book of it. */
const MAX_URL = 4096;
/** Where the registry API keeps what a registry says of an entry. */
const OFFICIAL = 'io.modelcontextprotocol.registry/official';

/** The registry that servers are pulled from, and when. */
export type PullSource = Pick<ServerOrigin, 'registry' | 'pulledAt'>;

/**
 * Servers as the official registry describes them: `server.json` in any of its versions, bare or as `{server, _meta}`.
 * Of several versions of a server the latest is taken.
 * @param source absent: they are from a file, and nobody knows which registry it came from
 */
export function registryDrafts(items: readonly Fields[], source?: PullSource): ImportDraft[] {
  const read = items.map((item) => ({
    detail: fieldsIn(item, 'server') ?? item,
    facts: officialFacts(item),
  }));
  const names = new Set(
    read.filter(({ facts }) => facts.isLatest === true).map(({ detail }) => textIn(detail, 'name')),
  );
  return read
    .filter(({ detail, facts }) => facts.isLatest !== false || !names.has(textIn(detail, 'name')))
    .map(({ detail, facts }) => registryDraft(detail, facts, source));
}

/** What the registry itself says of an entry. */
export function officialFacts(item: Fields): Fields {
  const meta = fieldsIn(item, '_meta') ?? {};
  return fieldsIn(meta, OFFICIAL) ?? {};
}

function registryDraft(detail: Fields, facts: Fields, source?: PullSource): ImportDraft {
  const name = textIn(detail, 'name', 'title') ?? 'server';
  const status = textIn(facts, 'status') ?? textIn(detail, 'status');
  const origin = source && originOf(detail, status, source);
  const remotes = listIn(detail, 'remotes').filter((remote) => textIn(remote, 'url'));
  const spoken = (remote: Fields) =>
    transportNamed(textIn(remote, 'type', 'transport_type', 'transportType'));
  const remote = remotes.find((each) => spoken(each) === 'streamable-http') ?? remotes[0];
  const url = remote && filledUrl(remote);
  if (remote === undefined || url === undefined) {
    const problems = [{ field: 'url', message: withoutRemote(detail) }];
    return { name, ...(origin && { origin }), problems, notes: [] };
  }
  const auth = authOfHeaders(listIn(remote, 'headers').flatMap(headerOf));
  const { fields, problems, notes } = urlWithAuth(url, auth);
  const transport = spoken(remote);
  const title = textIn(detail, 'title');
  const description = textIn(detail, 'description');
  return {
    name,
    input: {
      ...(title && { name: title }),
      ...fields,
      ...(transport && { transport }),
      ...(description && { description }),
      ...repositoryIn(detail),
    },
    ...(origin && { origin }),
    problems: [
      ...(status === 'deleted'
        ? [{ field: 'url', message: 'was deleted from the registry: do not use it any more' }]
        : []),
      ...problems,
    ],
    notes: [...notes, ...notesOf(detail, status)],
  };
}

/** One that cannot be written as ours is told of in the notes alone. */
function repositoryIn(detail: Fields): { readonly repository?: string } {
  const repository = parseRepositoryUrl(textIn(fieldsIn(detail, 'repository') ?? {}, 'url') ?? '');
  return repository.ok && repository.value !== '' ? { repository: repository.value } : {};
}

/** Undefined where the registry gives the server no name to know it by. */
function originOf(detail: Fields, status: string | undefined, source: PullSource) {
  const { data } = originSchema.safeParse({
    ...source,
    name: textIn(detail, 'name'),
    version: textIn(detail, 'version'),
    status: ORIGIN_STATUSES.find((known) => known === status) ?? 'active',
  });
  return data;
}

function notesOf(detail: Fields, status: string | undefined): string[] {
  const version = textIn(detail, 'version');
  const repository = textIn(fieldsIn(detail, 'repository') ?? {}, 'url');
  return [
    ...(status === 'deprecated' ? ['Its publisher has declared it deprecated.'] : []),
    ...(version ? [`Version ${version.slice(0, 100)}.`] : []),
    ...(repository ? [`Source: ${repository.slice(0, 300)}`] : []),
  ];
}

function withoutRemote(detail: Fields): string {
  const [first] = listIn(detail, 'packages');
  if (first === undefined) return 'is missing: the server has no remote address';
  const type = textIn(first, 'registryType', 'registry_type', 'registry_name') ?? 'a package';
  const identifier = textIn(first, 'identifier', 'name') ?? '';
  return `is missing: the server is a package (${type} ${identifier.slice(0, 150)}) that somebody has to run. Run it as a server behind HTTP and register the URL of that`;
}

/** Variables with a value or default are filled in; the others stay, and are told of. */
function filledUrl(remote: Fields): string | undefined {
  const variables = fieldsIn(remote, 'variables') ?? {};
  const filled = textIn(remote, 'url')
    ?.slice(0, MAX_URL)
    .replaceAll(/\{([A-Za-z_][\w.-]*)\}/g, (whole, name: string) => {
      const variable = fieldsIn(variables, name);
      return (variable && textIn(variable, 'value', 'default')?.slice(0, MAX_URL)) ?? whole;
    });
  return filled?.slice(0, MAX_URL);
}

function headerOf(header: Fields): ImportedHeader[] {
  const name = textIn(header, 'name');
  if (name === undefined) return [];
  const value = textIn(header, 'value', 'default');
  const isNeeded = header.isRequired === true || header.is_required === true;
  // What nobody needs to send and has no value is left out.
  if (value === undefined && !isNeeded) return [];
  const description = textIn(header, 'description');
  const shown = value !== undefined && variableIn(value) === undefined ? undefined : description;
  return [{ name, ...(value !== undefined && { value }), ...(shown && { description: shown }) }];
}
