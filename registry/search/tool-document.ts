import type { Tool } from '../catalog/discovery.js';
import type { Server } from '../catalog/server.js';
import { splitWords } from './words.js';

/** What a tool is found by, with what a match in it counts. */
export const FIELD_WEIGHTS = {
  name: 4,
  title: 3,
  server: 4,
  parameters: 1.5,
  description: 3,
  parameterTexts: 0.5,
} as const;
export type SearchField = keyof typeof FIELD_WEIGHTS;
export const SEARCH_FIELDS = Object.keys(FIELD_WEIGHTS) as SearchField[];

export type ToolDocument = Readonly<Record<SearchField, string>>;
export type SearchedServer = Pick<Server, 'path' | 'name' | 'tags'>;

/** Servers write what they like: of a field no more than this is looked at. */
const MAX_TEXT = 4000;
const MAX_PARAMETERS = 200;

export function toolDocument(tool: Tool, server: SearchedServer): ToolDocument {
  const parameters = parametersOf(tool.inputSchema);
  const name = cut(tool.name);
  const words = splitWords(name);
  return {
    // Also in one word, for those who write getweather.
    name: words.length > 1 ? `${name} ${words.join('')}` : name,
    title: cut(tool.title),
    description: cut(tool.description),
    parameters: cut(parameters.map(([name]) => name).join(' ')),
    parameterTexts: cut(parameters.map(([, text]) => text).join(' ')),
    server: cut([server.name, server.path, ...server.tags].join(' ')),
  };
}

export function isSameDocument(a: ToolDocument, b: ToolDocument): boolean {
  return SEARCH_FIELDS.every((field) => a[field] === b[field]);
}

/** Names and descriptions of the first level; a schema can be anything. */
function parametersOf({ properties }: Tool['inputSchema']): [string, string][] {
  if (typeof properties !== 'object' || properties === null) return [];
  return Object.entries(properties)
    .slice(0, MAX_PARAMETERS)
    .map(([name, schema]: [string, unknown]) => [name, descriptionIn(schema)]);
}

function descriptionIn(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null || !('description' in schema)) return '';
  return typeof schema.description === 'string' ? schema.description : '';
}

function cut(text = ''): string {
  return text.slice(0, MAX_TEXT);
}
