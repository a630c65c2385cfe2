import { isIP } from 'node:net';
import { z } from 'zod';
import { isPlaceholder } from '../access/credentials.js';
import { ROLES } from '../access/principal.js';

export const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/** @param max absent: as much as a number can tell exactly */
export const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z.string().transform((text, context) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    const message = `${JSON.stringify(text)} must be a whole number ${range}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
export const choice = <const T extends readonly string[]>(names: T) =>
  z.enum(names, {
    error: ({ input }) => `${JSON.stringify(input)} must be ${names.join(' or ')}`,
  });
export const port = wholeNumber(1, 65_535);
export const host = z
  .string()
  .regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-fA-F:]+)$/, {
    error: 'must be an address or a host name',
    abort: true,
  })
  // What ends in a number is an address to every resolver (URL standard, 3.5).
  .refine((text) => !/^[\d.]+$|:/.test(text) || isIP(text) !== 0, {
    error: ({ input }) => `${JSON.stringify(input)} is no IP address, and no host name`,
  });
export const list = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((item) => item !== ''));
export const roleMap = z
  .string()
  .default('')
  .transform((text, context) =>
    text
      .split(',')
      .map((pair) => pair.trim())
      .filter((pair) => pair !== '')
      .map((pair) => {
        // The last "=" divides: a directory's groups may have one in their names.
        const at = pair.lastIndexOf('=');
        const role = ROLES.find((name) => name === pair.slice(at + 1).trim());
        if (at >= 1 && role !== undefined) return { group: pair.slice(0, at).trim(), role };
        context.addIssue({
          code: 'custom',
          message: `${JSON.stringify(pair)} must be <group>=<role>, such as mcp-admins=admin; roles are ${ROLES.join(', ')}`,
        });
        return z.NEVER;
      }),
  );
export const flag = choice(['true', 'false']).transform((text) => text === 'true');
export const notPlaceholder = (text: string) => !isPlaceholder(text);

/** What an issuer is by OpenID Connect Core section 2; http is for providers on this machine. */
export function checkIssuer(text: string, context: z.RefinementCtx): void {
  const complain = (message: string) => context.addIssue({ code: 'custom', message });
  if (!URL.canParse(text)) {
    complain('must be a URL such as https://login.example.com/realms/main');
    return;
  }
  const { protocol, hostname, username, search, hash } = new URL(text);
  const local = protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname);
  if (protocol !== 'https:' && !local) {
    complain('must be an https URL; http is only taken for a provider on loopback');
  }
  if (username !== '' || search !== '' || hash !== '') {
    complain('must not have a user name, query or fragment');
  }
}

/**
 * A check of an http or https URL to which the registry adds the rest of an address.
 * @param added what must not stand at its end yet
 * @param example of such a URL
 * @param keySetting where a key belongs that somebody may be tempted to put into the URL
 */
export function checkBaseUrl(added: string, example: string, keySetting: string) {
  return (text: string, context: z.RefinementCtx): void => {
    const complain = (message: string) => context.addIssue({ code: 'custom', message });
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) {
      complain(`must be an http or https URL such as ${example}`);
      return;
    }
    if (url.username !== '' || url.search !== '' || url.hash !== '') {
      complain(`must not have a user name, query or fragment; a key belongs into ${keySetting}`);
    }
    if (url.pathname.replace(/\/+$/, '').endsWith(added)) {
      complain(`must end before ${added}, which is added: ${example}`);
    }
  };
}

/** `name=value` pairs with commas between them, percent-encoded as W3C baggage is. */
export const headerList = z
  .string()
  .default('')
  .transform((text, context) => {
    const pairs = text.split(',').filter((pair) => pair.trim() !== '');
    const headers: Record<string, string> = {};
    for (const [at, pair] of pairs.entries()) {
      const [, name, encoded] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
      const value = encoded === undefined ? undefined : decodedHeader(encoded);
      if (name !== undefined && value !== undefined) {
        headers[name] = value;
        continue;
      }
      // The value may be a key, and is not quoted.
      const message = `pair ${at + 1} must be <name>=<value>, percent-encoded, such as api-key=abc`;
      context.addIssue({ code: 'custom', message });
    }
    return headers;
  });

function decodedHeader(encoded: string): string | undefined {
  try {
    const value = decodeURIComponent(encoded);
    return /^[\x20-\x7e]*$/.test(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
