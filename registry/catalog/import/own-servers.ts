import type { FieldProblem } from '../../errors.js';
import { originSchema } from '../server-origin.js';
import type { ImportDraft } from './import-draft.js';
import { fieldsIn, listIn, textIn, type Fields } from './read-json.js';

/** What an operator writes; the rest of what we show is found out or kept by the registry. */
const WRITTEN = [
  'path',
  'url',
  'description',
  'repository',
  'tags',
  'transport',
  'access',
  'timeoutSeconds',
  'maxBodyBytes',
  'hostHeader',
  'tls',
  'limits',
];
const AUTH_FIELDS = [
  'type',
  'username',
  'tokenUrl',
  'clientId',
  'scope',
  'resource',
  'method',
  'from',
  'to',
  'token',
  'password',
  'clientSecret',
];

/** Servers as this registry shows them (`GET /api/servers`), which is without secrets. */
export function ownDrafts(items: readonly Fields[]): ImportDraft[] {
  return items.map((item) => {
    const { auth, problems } = authOf(fieldsIn(item, 'auth'));
    const name = textIn(item, 'name');
    const { data: origin } = originSchema.safeParse(item.origin);
    return {
      name: name ?? textIn(item, 'path') ?? 'server',
      input: { ...picked(item, WRITTEN), ...(auth && { auth }) },
      ...(origin && { origin }),
      problems,
      notes:
        item.enabled === true
          ? ['It is enabled where it comes from; here it starts disabled.']
          : [],
    };
  });
}

function authOf(view: Fields | undefined): {
  readonly auth?: Fields;
  readonly problems: FieldProblem[];
} {
  if (view === undefined || view.type === 'none') return { problems: [] };
  const headers = listIn(view, 'headers').map((header) => picked(header, ['name', 'value']));
  const auth = { ...picked(view, AUTH_FIELDS), ...(headers.length > 0 && { headers }) };
  const message = 'has secrets, and they are not in the file: fill them in';
  return { auth, problems: view.secretSet === true ? [{ field: 'auth', message }] : [] };
}

function picked(from: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]]),
  );
}
