/** Freezes a plain value with everything in it, so that nobody can change state in passing. */
export function freezeDeeply<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(freezeDeeply);
    Object.freeze(value);
  }
  return value;
}
