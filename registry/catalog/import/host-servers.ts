import { authOfHeaders, type ImportedHeader } from './import-auth.js';
import type { ImportDraft } from './import-draft.js';
import { transportNamed, urlWithAuth } from './import-url.js';
import { fieldsIn, isFields, textIn, type Fields } from './read-json.js';

const MAX_COMMAND = 200;
/** What a file may make of a few letters by naming a variable many times is limited. */
const MAX_LINE = 8192;

/** The servers of a host's file: `mcpServers` of most, `servers` of VS Code. */
export function hostDrafts(servers: Fields): ImportDraft[] {
  return Object.entries(servers).map(([name, entry]) =>
    isFields(entry)
      ? hostDraft(name, entry)
      : {
          name,
          problems: [{ field: 'url', message: 'is missing: the entry is no object' }],
          notes: [],
        },
  );
}

function hostDraft(name: string, entry: Fields): ImportDraft {
  const url = textIn(entry, 'httpUrl', 'serverUrl', 'url');
  if (url !== undefined) return remoteDraft(name, entry, url);
  const bridged = bridgedServer(entry);
  if (bridged !== undefined) {
    const { notes, ...draft } = remoteDraft(name, bridged.entry, bridged.url);
    return { ...draft, notes: [...notes, 'Taken from the arguments of mcp-remote.'] };
  }
  const command = commandOf(entry);
  const message =
    command === undefined
      ? 'is missing: the entry has neither an address nor a command'
      : `is missing: "${command}" is a command that a client starts on its own machine. Run it as a server behind HTTP, with its own option for that or with a bridge such as mcp-proxy or supergateway, and register the URL of that`;
  return { name, problems: [{ field: 'url', message }], notes: [] };
}

function remoteDraft(name: string, entry: Fields, given: string): ImportDraft {
  const auth = authOfHeaders(headersOf(fieldsIn(entry, 'headers', 'requestInit') ?? {}));
  const { fields, problems, notes } = urlWithAuth(given, auth);
  const named = transportNamed(textIn(entry, 'type', 'transport'));
  const transport = named ?? (textIn(entry, 'httpUrl') === given ? 'streamable-http' : undefined);
  const description = textIn(entry, 'description');
  return {
    name,
    input: { ...fields, ...(transport && { transport }), ...(description && { description }) },
    problems,
    notes: [
      ...notes,
      ...(entry.disabled === true
        ? ['It is switched off in the file; here it starts disabled as well.']
        : []),
      ...(fieldsIn(entry, 'oauth')
        ? ['Clients log in by OAuth there; the gateway needs a credential of its own.']
        : []),
    ],
  };
}

function headersOf(headers: Fields): ImportedHeader[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value) ? [{ name, value: String(value) }] : [],
  );
}

/** Without values of its environment, which are secrets more often than not. */
function commandOf(entry: Fields): string | undefined {
  const command = textIn(entry, 'command');
  if (command === undefined) return undefined;
  return [command, ...argumentsOf(entry).slice(0, 3)].join(' ').slice(0, MAX_COMMAND);
}

function argumentsOf({ args }: Fields): string[] {
  return Array.isArray(args) ? args.filter((each): each is string => typeof each === 'string') : [];
}

/** `npx mcp-remote <url> --header "Name: ${VARIABLE}"` is a remote server in the clothes of a command. */
function bridgedServer(
  entry: Fields,
): { readonly url: string; readonly entry: Fields } | undefined {
  const args = argumentsOf(entry);
  const at = args.findIndex((each) => /^mcp-remote(?:@.+)?$/.test(each));
  const url = at === -1 ? undefined : args.slice(at + 1).find((each) => /^https?:\/\//i.test(each));
  if (url === undefined) return undefined;
  const env = fieldsIn(entry, 'env') ?? {};
  const filled = (value: string) =>
    value
      .slice(0, MAX_LINE)
      .replaceAll(
        /\$\{(\w+)\}/g,
        (whole, name: string) => textIn(env, name)?.slice(0, MAX_LINE) ?? whole,
      );
  const lines = args.flatMap((each, index) => (args[index - 1] === '--header' ? [each] : []));
  const headers = lines.map((line): [string, string] => {
    const [head = '', ...rest] = line.split(':');
    return [head.trim(), filled(rest.join(':')).trim().slice(0, MAX_LINE)];
  });
  const strategy = args[args.indexOf('--transport') + 1] ?? '';
  const type = args.includes('--transport') ? strategy.replace(/-(?:only|first)$/, '') : undefined;
  return { url, entry: { headers: Object.fromEntries(headers), ...(type && { type }) } };
}
