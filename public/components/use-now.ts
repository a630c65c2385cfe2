import { useSyncExternalStore } from 'react';

const STEP_MS = 5_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    listeners.forEach((each) => each());
  }, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** While nobody listens no timer runs, and the time that was last read may be that of another page. */
function read(): number {
  if (timer === undefined && Date.now() - now >= STEP_MS) now = Date.now();
  return now;
}

/** The time in milliseconds, anew every few seconds: one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, read);
}
