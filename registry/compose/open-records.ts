import { createTokenUse } from '../access/token-use.js';
import type { Log } from '../log.js';
import { createReviewBook } from '../operations/tools/review-book.js';
import { createFileRepositoryStore } from '../store/file/file-repository-store.js';
import { createFileReviewStore } from '../store/file/file-review-store.js';
import { createFileTokenUseStore } from '../store/file/file-token-use-store.js';
import type { ReadGitHub } from '../upstream/github-reader.js';
import { createRepositoryBook } from '../upstream/repository-book.js';
import type { Store } from '../store/store.js';

export type Records = ReturnType<typeof openRecords>;

/** What is kept beside the store, because it is large or changes often. */
export function openRecords(parts: {
  readonly dataDir: string;
  readonly store: Store;
  readonly readGitHub: ReadGitHub;
  readonly clock: () => Date;
  readonly log: Log;
}) {
  const uses = createTokenUse({ ...parts, saved: createFileTokenUseStore(parts) });
  const reviews = createReviewBook({ ...parts, saved: createFileReviewStore(parts) });
  const repositories = createRepositoryBook({ ...parts, saved: createFileRepositoryStore(parts) });
  return {
    uses,
    reviews,
    repositories,
    load: () => Promise.all([uses.load(), reviews.start()]),
    close: () => Promise.all([uses.close(), reviews.stop(), repositories.stop()]),
  };
}
