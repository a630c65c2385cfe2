import type { ServerPath } from '../../registry/catalog/server-path.js';
import type { ServerReview } from '../../registry/catalog/tool-review.js';
import type { ReviewStore } from '../../registry/store/store.js';

export interface MemoryReviewStore extends ReviewStore {
  readonly saved: Map<ServerPath, ServerReview>;
}

/** A store of reviews that forgets everything at the end. */
export function createMemoryReviewStore(): MemoryReviewStore {
  const saved = new Map<ServerPath, ServerReview>();
  return {
    saved,
    load: () => Promise.resolve({ reviews: new Map(saved), unreadable: new Map() }),
    save: (path, review) => {
      saved.set(path, review);
      return Promise.resolve();
    },
    remove: (path) => {
      saved.delete(path);
      return Promise.resolve();
    },
  };
}
