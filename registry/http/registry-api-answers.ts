import type { RequestHandler } from 'express';

const REGISTRY_API = /^\/v0(?:\.1)?\//;

/** Whether an address belongs to the MCP registry API, whose clients expect `{error}` of a refusal. */
export function isRegistryApi(path: string): boolean {
  return REGISTRY_API.test(path);
}

/**
 * Lets pages of every site read the MCP registry API, as the official registry does. A page gets what strangers get, or
 * what a token gives that it has itself: browsers show it no answer to which they added a cookie.
 */
export const openRegistryApi: RequestHandler = (req, res, next) => {
  if (isRegistryApi(req.path)) {
    res.set('Access-Control-Allow-Origin', '*');
    if (req.method === 'OPTIONS') {
      res.set({
        'Access-Control-Allow-Methods': 'GET',
        'Access-Control-Allow-Headers': 'Authorization, Content-Type, Accept',
        'Access-Control-Max-Age': '600',
      });
    }
  }
  next();
};
