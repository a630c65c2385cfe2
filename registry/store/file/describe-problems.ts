import type { z } from 'zod';

/** Everything that is wrong with a record, in one line for people. */
export function describeProblems(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ');
}
