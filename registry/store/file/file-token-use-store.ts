import { z } from 'zod';
import type { Log } from '../../log.js';
import type { TokenUseStore } from '../store.js';
import { createFileMap } from './file-map.js';

/** Keeps the last uses of tokens in `dataDir`/token-use.json: times in ISO 8601, by the id of the token. */
export function createFileTokenUseStore(where: {
  readonly dataDir: string;
  readonly log: Log;
}): TokenUseStore {
  return createFileMap(where, {
    file: 'token-use.json',
    member: 'lastUsedAt',
    value: z.iso.datetime(),
    of: 'token uses',
    whenLost: 'when tokens were used last is not known any more',
  });
}
