import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Headers of every answer. */
export function createSecurityHeaders(): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'script-src': ["'self'"],
          'style-src': ["'self'"],
          // The API page draws its icons from data URLs.
          'img-src': ["'self'", 'data:'],
          'connect-src': ["'self'"],
          'base-uri': ["'none'"],
          'form-action': ["'self'"],
          'frame-ancestors': ["'none'"],
        },
      },
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
