import { z } from 'zod';
import { accept, refuse, type Result } from './result.js';

declare const brand: unique symbol;

/** Where the source of a server is: an absolute https or http URL; empty: nobody has said. */
export type RepositoryUrl = string & { readonly [brand]: 'RepositoryUrl' };

export const NO_REPOSITORY = '' as RepositoryUrl;
const MAX_URL = 300;
const SAFE = /^https?:\/\/[A-Za-z0-9.:-]+\/[A-Za-z0-9\-._~/%@+]*$/;

export function parseRepositoryUrl(input: string): Result<RepositoryUrl> {
  const text = input.trim();
  if (text === '') return accept(NO_REPOSITORY);
  if (text.length > MAX_URL) return refuse(`must be at most ${MAX_URL} characters long`);
  if (!SAFE.test(text) || !URL.canParse(text)) {
    return refuse(
      'must be the URL of a repository such as https://github.com/acme/weather, without a query',
    );
  }
  return accept(text as RepositoryUrl);
}

/** A repository at GitHub, as its API names it. */
export interface GitHubRepository {
  readonly owner: string;
  readonly name: string;
}

const PART = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

/** @returns undefined for what is not at github.com */
export function gitHubRepository(url: string): GitHubRepository | undefined {
  if (url === '') return undefined;
  const { hostname, pathname } = new URL(url);
  if (!/^(?:www\.)?github\.com$/.test(hostname)) return undefined;
  const [owner = '', repository = ''] = pathname.slice(1).split('/');
  const name = repository.replace(/\.git$/, '');
  return PART.test(owner) && PART.test(name) ? { owner, name } : undefined;
}

/** What GitHub tells of a repository. Texts are those of strangers. */
const repositoryFactsSchema = z.strictObject({
  description: z.string().optional(),
  license: z.string().optional().meta({ description: 'By its SPDX identifier where it has one.' }),
  language: z.string().optional(),
  stars: z.int(),
  topics: z.array(z.string()).readonly(),
  archived: z.boolean(),
  serverJson: z
    .strictObject({
      name: z.string(),
      version: z.string().optional(),
      description: z.string().optional(),
    })
    .optional()
    .meta({ description: 'What the `server.json` in its root says, where there is one.' }),
});
export type RepositoryFacts = Readonly<z.output<typeof repositoryFactsSchema>>;

/** What was found out at the last look. */
export const repositoryFindingSchema = z.strictObject({
  facts: repositoryFactsSchema.optional(),
  checkedAt: z.iso.datetime(),
  problem: z.string().optional().meta({
    description: 'Why the facts could not be renewed; those of before are kept.',
  }),
});
export type RepositoryFinding = Readonly<z.output<typeof repositoryFindingSchema>>;
