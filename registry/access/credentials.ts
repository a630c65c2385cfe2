import { z } from 'zod';

/** Longer passwords are refused at the edge, so that nobody makes us hash megabytes. */
export const MAX_PASSWORD_LENGTH = 1024;
const MIN_PASSWORD_LENGTH = 8;

/** What stands in examples and templates and so is known to everybody. */
const PLACEHOLDERS =
  /^(?:password|changeme|change-me|admin|secret|example|your[-_ ].*|placeholder|<.*>)$/i;

/** Whether the text is a placeholder that somebody forgot to replace. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDERS.test(text);
}

/** Name of an account that is made here; those of an identity provider are its own matter. */
export const usernameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$/,
    'must be 1 to 128 letters, digits, ".", "_", "@", "-", beginning with a letter or digit',
  );

/** A password that somebody chooses. NIST SP 800-63B section 3.1.1: length and known values, no classes of characters. */
export const newPasswordSchema = z
  .string()
  .min(MIN_PASSWORD_LENGTH, `must have at least ${MIN_PASSWORD_LENGTH} characters`)
  .max(MAX_PASSWORD_LENGTH, `must have at most ${MAX_PASSWORD_LENGTH} characters`)
  .refine((text) => !isPlaceholder(text), 'is a known placeholder; choose a real password');
