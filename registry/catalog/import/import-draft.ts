import type { FieldProblem } from '../../errors.js';
import { serverInputSchema } from '../server.js';
import type { ServerOrigin } from '../server-origin.js';
import { parseServerPath } from '../server-path.js';
import type { Fields } from './read-json.js';

/** What was read of one server, not yet checked. */
export interface ImportDraft {
  /** What the file calls it. */
  readonly name: string;
  /** Absent: there is nothing that the gateway could pass calls on to; `problems` say why. */
  readonly input?: Fields;
  /** Where it was pulled from, where that is known. */
  readonly origin?: ServerOrigin;
  readonly problems: readonly FieldProblem[];
  readonly notes: readonly string[];
}

/** What would be registered, and what speaks against it. */
export interface ImportEntry {
  readonly name: string;
  /** As `POST /api/servers` takes it. It may hold secrets, those that were in the file. */
  readonly input?: Fields;
  readonly origin?: ServerOrigin;
  readonly problems: readonly FieldProblem[];
  readonly notes: readonly string[];
}

const MAX_NAME = 120;
const MAX_SLUG = 60;

/** Completes the drafts of one file with names and paths, which differ from each other, and checks them. */
export function finishDrafts(drafts: readonly ImportDraft[]): ImportEntry[] {
  const taken = new Set<string>();
  return drafts.map((draft) => {
    if (draft.input === undefined) return draft;
    const path = freePath(draft, taken);
    taken.add(path);
    return finishDraft(draft, path);
  });
}

/** Completes a draft with its name, and checks it. */
export function finishDraft(draft: ImportDraft, path: string): ImportEntry {
  const { name, input, problems } = draft;
  if (input === undefined) return draft;
  const complete = { name: name.slice(0, MAX_NAME), ...input, path };
  const told = new Set(problems.map(({ field }) => field));
  const found = problemsOf(complete).filter(({ field }) => !told.has(field));
  return { ...draft, input: complete, problems: [...problems, ...found] };
}

/** The path that the draft has, or one that its name gives; with a number where that is taken. */
export function freePath({ name, input }: ImportDraft, taken: ReadonlySet<string>): string {
  const wanted = typeof input?.path === 'string' ? input.path : `/${slugOf(name)}`;
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.has(path)) return path;
  }
}

function problemsOf(input: Fields): FieldProblem[] {
  const parsed = serverInputSchema.safeParse(input);
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => ({
    field: path.map(String).join('.'),
    message,
  }));
}

/** `io.github.acme/My Weather` gives `my-weather`. */
function slugOf(name: string): string {
  const last = name.split('/').findLast((part) => part.trim() !== '') ?? '';
  const slug = last
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, MAX_SLUG)
    .replace(/[-_]+$/, '');
  if (slug === '') return 'server';
  return parseServerPath(slug).ok ? slug : `mcp-${slug}`;
}
