import type { RequestHandler } from 'express';
import helmet from 'helmet';

type Policy = Readonly<Record<string, readonly string[]>>;

const POLICY: Policy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  // The API page draws its icons from data URLs.
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/**
 * The policy of the console's page. Its component library writes the theme into style elements, which carry the nonce;
 * images and sound that tools answer with are shown from data and blob URLs.
 * @param nonce base64, new for each answer
 */
export function consolePolicy(nonce: string): Policy {
  return {
    ...POLICY,
    'style-src': ["'self'", `'nonce-${nonce}'`],
    'img-src': ["'self'", 'data:', 'blob:'],
    'media-src': ['data:', 'blob:'],
    'font-src': ["'self'"],
  };
}

/** The value of Content-Security-Policy. */
export function policyText(policy: Policy): string {
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join(';');
}

/** Headers of every answer. */
export function createSecurityHeaders(): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: mutable(POLICY) },
      // Whether plain http is fine is decided where TLS ends, which is not here.
      strictTransportSecurity: false,
    }),
    (req, res, next) => {
      res.set('Cache-Control', 'no-store');
      // The entity tag of a server is its revision, for If-Match. Health changes without it, so that
      // a conditional GET would be told "not modified" when it was.
      delete req.headers['if-none-match'];
      next();
    },
  ];
}

function mutable(policy: Policy): Record<string, string[]> {
  return Object.fromEntries(Object.entries(policy).map(([key, sources]) => [key, [...sources]]));
}
