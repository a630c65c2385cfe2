import type { OutputUnit } from '@cfworker/json-schema';

const MOST_CHARACTERS = 300;

const PLAIN: Readonly<Record<string, string>> = {
  choice: 'fits none of the shapes that are allowed here',
  false: 'is not a parameter that is known here',
  not: 'is what must not stand here',
  contains: 'holds no item of the kind that is needed',
  uniqueItems: 'holds an item twice',
};

/** Says what is wrong as part of a sentence whose subject is the value, and where it belongs. */
export function messageOf(
  { keyword, error }: OutputUnit,
  at: readonly string[],
  root: unknown,
): { readonly path: readonly string[]; readonly message: string } {
  const quoted = /"(.*)"/s.exec(error)?.[1] ?? '';
  if (keyword === 'required') return { path: [...at, quoted], message: 'is required' };
  if (keyword === 'dependentRequired' || keyword === 'dependencies') {
    const [, has = '', needs = ''] =
      /^Instance has "(.*)" but does not have "(.*)"/s.exec(error) ?? [];
    if (needs !== '') return { path: [...at, needs], message: `is required with ${cut(has)}` };
  }
  if (keyword === 'propertyNames')
    return { path: at, message: `${cut(quoted)} is not a name that is allowed` };
  return { path: at, message: PLAIN[keyword] ?? sentence(keyword, error, valueAt(root, at)) };
}

function sentence(keyword: string, error: string, value: unknown): string {
  const numbers = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;
  const last = error.match(numbers)?.at(-1) ?? '';
  switch (keyword) {
    case 'type':
      return `must be ${withArticle(error.split('Expected ')[1] ?? '')}${value === null ? ' and not null' : ''}`;
    case 'enum':
      return `must be one of ${cut(error.replace(/^Instance does not match any of \[?/, '').replace(/\]?\.$/, ''))}`;
    case 'const':
      return `must be ${cut(error.replace(/^Instance does not match /, '').replace(/\.$/, ''))}`;
    case 'minimum':
      return `must be at least ${last}`;
    case 'exclusiveMinimum':
      return `must be more than ${last}`;
    case 'maximum':
      return `must be at most ${last}`;
    case 'exclusiveMaximum':
      return `must be less than ${last}`;
    case 'multipleOf':
      return `must be a multiple of ${last}`;
    case 'minLength':
      return `must have at least ${last} characters`;
    case 'maxLength':
      return `must have at most ${last} characters`;
    case 'minItems':
      return `must have at least ${last} items`;
    case 'maxItems':
      return `must have at most ${last} items`;
    case 'pattern':
      return 'does not have the form that is asked for';
    case 'format':
      return `is not a valid ${cut(/"(.*)"/s.exec(error)?.[1] ?? 'value')}`;
    default:
      return cut(error);
  }
}

function withArticle(types: string): string {
  const names = [...types.matchAll(/"([^"]*)"/g)].map(([, name = '']) =>
    name === 'null' ? name : `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`,
  );
  return names.join(' or ') || 'of another type';
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null
        ? (at as Readonly<Record<string, unknown>>)[key]
        : undefined,
    root,
  );
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
