import type { AccessQuestion } from '../../api/explain-access';

const HOLDERS = ['token', 'user', 'groups'] as const;
export type Holder = (typeof HOLDERS)[number];

/** What the address of the tester says. */
export interface TesterState {
  readonly holder: Holder;
  /** Id of a token, user name, or names of groups with commas between. */
  readonly who: string;
  readonly server: string;
  readonly tool: string;
}

export function testerState(search: URLSearchParams, fallback: Holder): TesterState {
  const text = (name: string) => search.get(name) ?? '';
  const holder = HOLDERS.find((each) => each === text('of')) ?? fallback;
  return { holder, who: text('who'), server: text('server'), tool: text('tool') };
}

/** For the address; what is empty is left out. */
export function testerSearch({ holder, who, server, tool }: TesterState): Record<string, string> {
  const all = { tab: 'tester', of: holder, who, server, tool };
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== ''));
}

export function groupNames(who: string): string[] {
  return who.split(',').filter((name) => name !== '');
}

/** @returns undefined while something is missing that the question needs */
export function questionOf({ holder, who, server, tool }: TesterState): AccessQuestion | undefined {
  if (server === '' || (who === '' && holder !== 'groups')) return undefined;
  const subject =
    holder === 'token'
      ? { token: who }
      : holder === 'user'
        ? { user: who }
        : { groups: groupNames(who) };
  return { ...subject, server, ...(tool.trim() !== '' && { tool: tool.trim() }) };
}
