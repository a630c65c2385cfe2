import type { ServerView } from './server-view.js';

/** Enough to know what it is; the whole text is one request away. */
const DESCRIPTION_LENGTH = 300;

const LEFT_OUT_FIELDS = [
  'tls',
  'instructions',
  'limits',
  'auth',
  'timeoutSeconds',
  'maxBodyBytes',
  'hostHeader',
  'repository',
  'repositoryFacts',
  'warnings',
] as const satisfies readonly (keyof ServerView)[];
const LEFT_OUT: ReadonlySet<string> = new Set(LEFT_OUT_FIELDS);

/** What lists show of a server: all but settings that only matter where it is edited. */
export type ServerSummary = Omit<ServerView, (typeof LEFT_OUT_FIELDS)[number]>;

export function summaryOf(view: ServerView): ServerSummary {
  const shown = Object.entries(view).filter(([field]) => !LEFT_OUT.has(field));
  return {
    ...(Object.fromEntries(shown) as ServerSummary),
    description: cut(view.description),
  };
}

/** By characters as people count them: half of a surrogate pair is no text. */
function cut(text: string): string {
  return text.length <= DESCRIPTION_LENGTH
    ? text
    : Array.from(text).slice(0, DESCRIPTION_LENGTH).join('');
}
