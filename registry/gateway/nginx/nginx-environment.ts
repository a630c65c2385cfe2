/**
 * Has the C library keep memory that is given back (mallopt(3); others than glibc take no notice). For each `map` nginx
 * clears and frees arrays of 400 kB when it reads its configuration; fetched from the system and returned each time,
 * they were nearly half of what that takes. Bodies of a megabyte are returned as before.
 */
const KEEP_FREED_MEMORY = {
  MALLOC_MMAP_THRESHOLD_: String(1024 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(4 * 1024 * 1024),
};

/** The environment of nginx: that of the registry, which may say something else of memory. */
export function nginxEnvironment(
  // eslint-disable-next-line no-restricted-syntax -- It is handed on; no setting is read.
  own: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return { ...KEEP_FREED_MEMORY, ...own };
}
