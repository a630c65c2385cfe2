import type { Prompt, Resource, Tool } from '../catalog/discovery.js';
import { packTool } from '../catalog/pack-tool.js';
import type { Era } from '../catalog/server.js';
import { faultOfMcpHeaders } from './x-mcp-header.js';

type Json = Readonly<Record<string, unknown>>;

/** An item that was read, or why it is left out; `notes` are what was cut or is odd about it. */
export type ReadItem<T> =
  { readonly item: T; readonly notes: readonly string[] } | { readonly fault: string };

const MAX_NAME = 256;
const MAX_TEXT = 64 * 1024;
/** What clients and model APIs commonly accept as a tool's name. */
const PORTABLE_NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** Characters that people do not see: they can hide instructions in a description. */
const HIDDEN = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u{e0000}-\u{e007f}]/u;

/** Reads a tool as a server lists it; its schemas are kept whole, with keywords nobody knows. */
export function readTool(raw: unknown, era: Era): ReadItem<Tool> {
  const given = asObject(raw);
  const name = nameIn(given.name);
  if (name === undefined) return { fault: faultOfName('tool', given.name) };
  const inputSchema = given.inputSchema;
  if (!isObject(inputSchema)) return { fault: `tool "${name}" has no input schema` };
  const headers = era === 'modern' ? faultOfMcpHeaders(inputSchema) : undefined;
  if (headers !== undefined) return { fault: `tool "${name}": ${headers}` };
  const notes: string[] = [];
  if (!PORTABLE_NAME.test(name)) {
    notes.push(
      `tool "${name}": clients may refuse a name with more than 64 characters or others than letters, digits, "_" and "-"`,
    );
  }
  const item: Tool = {
    name,
    ...texts(given, `tool "${name}"`, notes),
    inputSchema,
    ...objects(given, ['outputSchema', 'annotations', '_meta']),
  };
  return { item: packTool(item), notes };
}

export function readPrompt(raw: unknown): ReadItem<Prompt> {
  const given = asObject(raw);
  const name = nameIn(given.name);
  if (name === undefined) return { fault: faultOfName('prompt', given.name) };
  const notes: string[] = [];
  const wanted = given.arguments;
  const item: Prompt = {
    name,
    ...texts(given, `prompt "${name}"`, notes),
    ...(Array.isArray(wanted) && { arguments: wanted.filter(isObject) }),
  };
  return { item, notes };
}

export function readResource(raw: unknown): ReadItem<Resource> {
  const given = asObject(raw);
  const { uri, mimeType } = given;
  if (typeof uri !== 'string' || uri === '' || uri.length > MAX_TEXT) {
    return { fault: 'a resource has no URI' };
  }
  const name = nameIn(given.name);
  if (name === undefined) return { fault: faultOfName('resource', given.name) };
  const notes: string[] = [];
  const item: Resource = {
    uri,
    name,
    ...texts(given, `resource "${name}"`, notes),
    ...(typeof mimeType === 'string' && { mimeType: mimeType.slice(0, MAX_NAME) }),
  };
  return { item, notes };
}

function texts(
  given: Json,
  what: string,
  notes: string[],
): { readonly title?: string; readonly description?: string } {
  const { title, description } = given;
  return {
    ...(typeof title === 'string' && { title: cut(title, MAX_NAME, `${what}: title`, notes) }),
    ...(typeof description === 'string' && {
      description: cut(description, MAX_TEXT, `${what}: description`, notes),
    }),
  };
}

/** Text of a server that is too long to be meant well is cut, and what it hides is said. */
export function cut(text: string, max: number, what: string, notes: string[]): string {
  if (HIDDEN.test(text)) notes.push(`${what} has hidden or bidirectional characters`);
  if (text.length <= max) return text;
  notes.push(`${what} was cut at ${max} characters (it has ${text.length})`);
  return text.slice(0, max);
}

function objects<K extends string>(given: Json, keys: readonly K[]): Partial<Record<K, Json>> {
  const kept = keys.map((key) => [key, given[key]] as const).filter(([, value]) => isObject(value));
  return Object.fromEntries(kept) as Partial<Record<K, Json>>;
}

function nameIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_NAME ? value : undefined;
}

function faultOfName(kind: string, value: unknown): string {
  return typeof value === 'string' && value !== ''
    ? `a ${kind} has a name of more than ${MAX_NAME} characters ("${value.slice(0, 40)}...")`
    : `a ${kind} has no name`;
}

function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
