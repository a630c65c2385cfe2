import { CREDENTIAL_PLACEHOLDER, TOKEN_PLACEHOLDER, type ClientTarget } from './client-target.js';

/** What to write where, so that a host uses the server. */
export interface ClientGuide {
  readonly language: 'json' | 'toml' | 'shell';
  /** Where the text belongs; absent where it is to be run. */
  readonly file?: string;
  readonly text: string;
  /** What in `text` stands for the token of the gateway; absent where there is no place for one. */
  readonly placeholder?: string;
  /** Opens the host and asks to add the server. It never holds a token. */
  readonly installUrl?: string;
  readonly notes: readonly string[];
}

/** A program in which agents run. */
export interface ClientHost {
  readonly id: string;
  readonly title: string;
  readonly guide: (target: ClientTarget) => ClientGuide;
}

/** A guide whose text may hold placeholders, with a word on each that it holds. */
export function guideWith(
  target: ClientTarget,
  { notes, ...guide }: Omit<ClientGuide, 'placeholder'>,
): ClientGuide {
  const holdsToken = guide.text.includes(TOKEN_PLACEHOLDER);
  const credentials = target.headers.filter(({ carries }) => carries === 'credential');
  return {
    ...guide,
    ...(holdsToken && { placeholder: TOKEN_PLACEHOLDER }),
    notes: [
      ...notes,
      ...(holdsToken
        ? [
            `Put a token of the gateway in the place of ${TOKEN_PLACEHOLDER}; keep it out of repositories.`,
          ]
        : []),
      ...credentials.map(
        ({ name }) =>
          `The server wants a credential of your own in the header ${name}, which the gateway passes on${
            guide.text.includes(CREDENTIAL_PLACEHOLDER)
              ? `: put it in the place of ${CREDENTIAL_PLACEHOLDER}`
              : ''
          }.`,
      ),
    ],
  };
}

/** JSON as people edit it. */
export function prettyJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A file that may have other servers already. */
export function mergeNote(key: string): string {
  return `If the file exists, add the entry to its "${key}".`;
}
