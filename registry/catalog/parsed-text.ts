import { z } from 'zod';
import type { Result } from './result.js';

/** Turns one of our parsers into a zod schema; the refusal becomes the issue's message. */
export function parsedText<T>(parse: (input: string) => Result<T>) {
  return z.string().transform((input, context): T => {
    const result = parse(input);
    if (result.ok) return result.value;
    context.addIssue({ code: 'custom', message: result.problem, input });
    return z.NEVER;
  });
}
