import { Mutex } from 'async-mutex';
import type { ServerPath } from '../../catalog/server-path.js';
import type { ServerReview } from '../../catalog/tool-review.js';
import { messageOf, RegistryError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { RegistryState, ReviewStore, Store } from '../../store/store.js';

/** The last review of each server. It goes with a server that is moved and ends with one that is removed. */
export interface ReviewBook {
  /** Reads what was stored and follows the catalog from now on. */
  start(): Promise<void>;
  get(path: ServerPath): ServerReview | undefined;
  /** Why the reviews of a server cannot be read, and what to do. */
  fault(path: ServerPath): string | undefined;
  /**
   * Replaces a review by what `change` makes of the newest one; it is durable when this resolves.
   * @throws RegistryError `store-read-only`, `store-write-failed`, and what `change` throws
   */
  change(
    path: ServerPath,
    change: (before: ServerReview | undefined) => ServerReview,
  ): Promise<ServerReview>;
  /** Follows the catalog no longer, and waits for what is being written. */
  stop(): Promise<void>;
}

type Catalog = RegistryState['catalog'];

export function createReviewBook(deps: {
  readonly saved: ReviewStore;
  readonly store: Pick<Store, 'state' | 'subscribe'>;
  readonly log: Log;
}): ReviewBook {
  const { saved, store, log } = deps;
  const reviews = new Map<ServerPath, ServerReview>();
  let unreadable: ReadonlyMap<ServerPath, string> = new Map();
  // Writes one after the other, so that no removal is overtaken by a late save.
  const writing = new Mutex();
  let leave = (): void => undefined;

  const inBackground = (path: ServerPath, write: () => Promise<void>) => {
    writing.runExclusive(write).catch((thrown: unknown) => {
      log.warn('A review could not be stored.', { path, reason: messageOf(thrown) });
    });
  };
  const forget = (path: ServerPath) => {
    reviews.delete(path);
    inBackground(path, () => saved.remove(path));
  };
  const move = (from: ServerPath, to: ServerPath) => {
    const review = reviews.get(from);
    if (review !== undefined) {
      reviews.set(to, review);
      // First the new record: a crash between the two loses nothing.
      inBackground(to, () => saved.save(to, review));
    }
    forget(from);
  };

  return {
    async start() {
      const loaded = await saved.load();
      unreadable = loaded.unreadable;
      for (const [path, review] of loaded.reviews) reviews.set(path, review);
      const { catalog } = store.state();
      for (const path of loaded.reviews.keys()) if (!isKnown(catalog, path)) forget(path);
      leave = store.subscribe(({ catalog: after }, { catalog: before }) => {
        if (after === before) return;
        for (const [path, { createdAt }] of before.servers) {
          const now = after.servers.get(path);
          // Another server may have come to the same path.
          if (now === undefined ? isKnown(after, path) : now.createdAt === createdAt) continue;
          const to = movedTo(path, before, after);
          if (to === undefined) forget(path);
          else move(path, to);
        }
      });
    },
    get: (path) => reviews.get(path),
    fault: (path) => unreadable.get(path),
    change: (path, change) =>
      writing.runExclusive(async () => {
        const after = change(reviews.get(path));
        try {
          await saved.save(path, after);
        } catch (thrown) {
          if (thrown instanceof RegistryError) throw thrown;
          const message = `The review could not be stored: ${messageOf(thrown)}`;
          throw new RegistryError('store-write-failed', message, { cause: thrown });
        }
        // Whoever removed the server meanwhile has its removal waiting behind us.
        if (isKnown(store.state().catalog, path)) reviews.set(path, after);
        return after;
      }),
    async stop() {
      leave();
      await writing.runExclusive(() => undefined);
    },
  };
}

/** A server whose record cannot be read is still there. */
function isKnown({ servers, invalid }: Catalog, path: ServerPath): boolean {
  return servers.has(path) || invalid.some((record) => record.path === path);
}

/** Where a server went that is no longer at its path: one is the same that was made at the same moment by the same owner. */
function movedTo(path: ServerPath, before: Catalog, after: Catalog): ServerPath | undefined {
  const gone = before.servers.get(path);
  const found = [...after.servers.values()].filter(
    (server) =>
      !before.servers.has(server.path) &&
      server.createdAt === gone?.createdAt &&
      server.owner === gone.owner,
  );
  return found.length === 1 ? found[0]?.path : undefined;
}
