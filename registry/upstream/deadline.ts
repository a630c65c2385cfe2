/** Thrown when something took longer than it may. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
  readonly code = 'ETIMEDOUT';
}

/** Waits for `work` at most `ms`; what is late is ignored. @throws DeadlineExceeded */
export async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineExceeded(`no answer within ${ms} ms`)), ms);
    timer.unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs `work` with a signal that ends after `ms` or with `outer`, whichever comes first. */
export async function underDeadline<T>(
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = new AbortController();
  const end = () => inner.abort(outer.reason);
  const timer = setTimeout(() => {
    inner.abort(new DeadlineExceeded(`no answer within ${ms} ms`));
  }, ms);
  if (outer.aborted) end();
  outer.addEventListener('abort', end);
  try {
    return await work(inner.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', end);
  }
}
