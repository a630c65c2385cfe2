import { hiddenCharacters } from './hidden-characters.js';
import type { Tool } from './discovery.js';

export const TOOL_WARNING_CODES = [
  'name-too-long',
  'name-characters',
  'long-description',
  'hidden-characters',
  'large-schema',
] as const;

/** Something about a tool that its users should know; `message` is for people. */
export interface ToolWarning {
  readonly code: (typeof TOOL_WARNING_CODES)[number];
  readonly message: string;
}

/** What clients and model APIs commonly take as a name. */
const MAX_NAME = 64;
const NAME_CHARACTERS = /^[A-Za-z0-9_-]*$/;
/** Longer ones fill prompts, and there is room in them to hide instructions. */
const MAX_DESCRIPTION = 2000;
const MAX_SCHEMA = 8000;
const CHARACTERS_PER_TOKEN = 4;
/** JSON of ASCII in which nothing is escaped: most schemas, in which nothing can be hidden. */
const PLAIN_JSON = /^[\x20-\x5b\x5d-\x7e]*$/;

/**
 * About how many tokens a tool costs a model in every prompt: name, description and input schema, as hosts put them
 * there, at four characters a token. English text and JSON come close to that; other scripts cost more.
 */
export function estimateTokens(tool: Pick<Tool, 'name' | 'description' | 'inputSchema'>): number {
  const { name, description = '', inputSchema } = tool;
  const length = name.length + description.length + JSON.stringify(inputSchema).length;
  return Math.ceil(length / CHARACTERS_PER_TOKEN);
}

/** What is odd about a tool, in the order of `TOOL_WARNING_CODES`. */
export function findToolWarnings(tool: Tool): readonly ToolWarning[] {
  const { name, title = '', description = '', inputSchema } = tool;
  const schema = JSON.stringify(inputSchema);
  const found: (ToolWarning | false)[] = [
    name.length > MAX_NAME && {
      code: 'name-too-long',
      message: `The name has ${name.length} characters; many clients refuse more than ${MAX_NAME}.`,
    },
    !NAME_CHARACTERS.test(name) && {
      code: 'name-characters',
      message:
        'The name has other characters than letters, digits, "_" and "-"; many clients refuse it.',
    },
    description.length > MAX_DESCRIPTION && {
      code: 'long-description',
      message: `The description has ${description.length} characters; more than ${MAX_DESCRIPTION} crowd prompts and hide instructions well. Read it to the end.`,
    },
    warnOfHidden([
      ['name', name],
      ['title', title],
      ['description', description],
      ['input schema', PLAIN_JSON.test(schema) ? '' : textsIn(inputSchema)],
    ]),
    schema.length > MAX_SCHEMA && {
      code: 'large-schema',
      message: `The input schema has ${schema.length} characters as JSON, about ${Math.ceil(schema.length / CHARACTERS_PER_TOKEN)} tokens in every prompt; more than ${MAX_SCHEMA} are much.`,
    },
  ];
  return found.filter((warning) => warning !== false);
}

function warnOfHidden(texts: readonly (readonly [string, string])[]): ToolWarning | false {
  const found = texts
    .map(([where, text]) => ({ where, characters: hiddenCharacters(text) }))
    .filter(({ characters }) => characters.length > 0)
    .map(({ where, characters }) => `${where} (${characters.join(', ')})`);
  return (
    found.length > 0 && {
      code: 'hidden-characters',
      message: `Characters that people do not see, or that turn the direction of text, stand in: ${found.join('; ')}. Models read them.`,
    }
  );
}

/** All names and texts in a schema, as they are before JSON escapes some of their characters. */
function textsIn(schema: Tool['inputSchema']): string {
  const texts: string[] = [];
  JSON.stringify(schema, (key, value: unknown) => {
    texts.push(key, typeof value === 'string' ? value : '');
    return value;
  });
  return texts.join('\n');
}
