import { z } from 'zod';
import { repositoryFindingSchema } from '../../catalog/repository.js';
import type { Log } from '../../log.js';
import type { RepositoryStore } from '../store.js';
import { createFileMap } from './file-map.js';

/** Keeps what is known of repositories in `dataDir`/repositories.json, by owner and name in lower case. */
export function createFileRepositoryStore(where: {
  readonly dataDir: string;
  readonly log: Log;
}): RepositoryStore {
  return createFileMap(where, {
    file: 'repositories.json',
    member: 'repositories',
    value: repositoryFindingSchema.extend({ etag: z.string().optional() }),
    of: 'repositories',
    whenLost: 'what was known of repositories is asked for anew',
  });
}
