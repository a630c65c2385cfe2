import { fieldsIn, textIn, type Fields } from '../catalog/import/read-json.js';
import type { RepositoryFacts } from '../catalog/repository.js';

const MAX_TEXT = 500;
const MAX_NAME = 100;
const MAX_TOPICS = 20;

/** What is kept of GitHub's answer about a repository. */
export function repositoryFacts(body: Fields): RepositoryFacts {
  const description = short(body, 'description', MAX_TEXT);
  const license = licenseOf(fieldsIn(body, 'license') ?? {});
  const language = short(body, 'language', MAX_NAME);
  const { stargazers_count: stars, topics } = body;
  return {
    ...(description !== undefined && { description }),
    ...(license !== undefined && { license }),
    ...(language !== undefined && { language }),
    stars: typeof stars === 'number' && Number.isSafeInteger(stars) && stars >= 0 ? stars : 0,
    topics: (Array.isArray(topics) ? topics : [])
      .filter((topic): topic is string => typeof topic === 'string')
      .slice(0, MAX_TOPICS)
      .map((topic) => topic.slice(0, MAX_NAME)),
    archived: body.archived === true,
  };
}

/** What is kept of a `server.json`; undefined for what has no name. */
export function serverJsonFacts(file: Fields | undefined): RepositoryFacts['serverJson'] {
  const name = file && short(file, 'name', MAX_TEXT);
  if (file === undefined || name === undefined) return undefined;
  const version = short(file, 'version', MAX_NAME);
  const description = short(file, 'description', MAX_TEXT);
  return {
    name,
    ...(version !== undefined && { version }),
    ...(description !== undefined && { description }),
  };
}

/** GitHub says NOASSERTION of a licence that it does not know. */
function licenseOf(license: Fields): string | undefined {
  const id = short(license, 'spdx_id', MAX_NAME);
  return id === undefined || id === 'NOASSERTION' ? short(license, 'name', MAX_NAME) : id;
}

function short(fields: Fields, name: string, max: number): string | undefined {
  return textIn(fields, name)?.slice(0, max);
}
