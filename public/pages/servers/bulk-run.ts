export interface BulkFailure {
  readonly path: string;
  readonly error: unknown;
}

export interface BulkProgress {
  readonly total: number;
  readonly done: number;
  readonly failures: readonly BulkFailure[];
}

/** As many as a browser has connections to one origin (HTTP/1.1), less one for everything else. */
const AT_ONCE = 5;

/**
 * Does the same with many servers, some at a time; one that fails does not hold up the others.
 * @param on.progress called after each
 * @param on.signal what has not begun when it is aborted is not done
 */
export async function runBulk<Server extends { readonly path: string }>(
  servers: readonly Server[],
  act: (server: Server) => Promise<unknown>,
  on: { readonly progress: (progress: BulkProgress) => void; readonly signal: AbortSignal },
): Promise<BulkProgress> {
  const waiting = [...servers];
  const failures: BulkFailure[] = [];
  let done = 0;
  const now = (): BulkProgress => ({ total: servers.length, done, failures: [...failures] });
  const work = async () => {
    for (;;) {
      const server = on.signal.aborted ? undefined : waiting.shift();
      if (server === undefined) return;
      try {
        await act(server);
      } catch (error) {
        failures.push({ path: server.path, error });
      }
      done += 1;
      on.progress(now());
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, servers.length) }, work));
  return now();
}
