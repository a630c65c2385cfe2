import { readdirSync, readFileSync } from 'node:fs';
import type { Tool } from '../../registry/catalog/discovery.js';
import { parseServerPath } from '../../registry/catalog/server-path.js';
import type { SearchedServer } from '../../registry/search/tool-document.js';

/** A server of the evaluation set with its tools. */
export interface EvaluatedServer {
  readonly server: SearchedServer;
  readonly tools: readonly Tool[];
}

/** A question, and the tools that serve it, as `/server tool`; any of them is right. */
export interface Question {
  readonly text: string;
  readonly expected: readonly string[];
}

const here = (name: string) => new URL(name, import.meta.url);
const SERVER = /^# (\S+) \| ([^|]+) \| (.+)$/;
const TOOL = /^(\w+)\((.*?)\): (.+)$/;
const PARAMETER = /(\w+)(?: "([^"]*)")?/g;

/**
 * Reads `tools/*.txt`: a line `# /path | Name | tags` for a server, and below it one for each tool,
 * `name(parameter "its description", ...): description`.
 * @throws Error for a line that is none of these
 */
export function readToolSet(): readonly EvaluatedServer[] {
  const servers: { server: SearchedServer; tools: Tool[] }[] = [];
  for (const file of readdirSync(here('tools/')).sort()) {
    for (const line of linesOf(`tools/${file}`)) {
      const [, path, name, tags] = SERVER.exec(line) ?? [];
      if (path !== undefined && name !== undefined && tags !== undefined) {
        servers.push({ server: serverOf(path, name, tags), tools: [] });
      } else {
        servers.at(-1)?.tools.push(toolOf(line));
      }
    }
  }
  return servers;
}

/** Reads `questions.txt`. @throws Error for a line without an arrow */
export function readQuestions(): readonly Question[] {
  return linesOf('questions.txt')
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const [text, expected] = line.split(' => ');
      if (text === undefined || expected === undefined) throw new Error(`not a question: ${line}`);
      return { text, expected: expected.split(' | ') };
    });
}

function linesOf(file: string): string[] {
  return readFileSync(here(file), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

function serverOf(path: string, name: string, tags: string): SearchedServer {
  const parsed = parseServerPath(path);
  if (!parsed.ok) throw new Error(`${path}: ${parsed.problem}`);
  return { path: parsed.value, name, tags: tags.split(', ') };
}

function toolOf(line: string): Tool {
  const [, name, parameters, description] = TOOL.exec(line) ?? [];
  if (name === undefined || parameters === undefined || description === undefined) {
    throw new Error(`not a tool: ${line}`);
  }
  const properties = [...parameters.matchAll(PARAMETER)].map(
    ([, parameter = '', text]) =>
      [parameter, text === undefined ? {} : { description: text }] as const,
  );
  return {
    name,
    description,
    inputSchema: { type: 'object', properties: Object.fromEntries(properties) },
  };
}
