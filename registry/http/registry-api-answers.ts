import type { RequestHandler } from 'express';
import { z } from 'zod';
import { problemSchema, type Problem } from './problem.js';

const REGISTRY_API = /^\/v0(?:\.1)?\//;

/** Whether an address belongs to the MCP registry API, whose clients expect `{error}` of a refusal. */
export function isRegistryApi(path: string): boolean {
  return REGISTRY_API.test(path);
}

export const registryApiProblemSchema = z
  .strictObject({
    ...problemSchema.shape,
    error: z.string().meta({ description: 'The detail, for clients of the MCP registry API.' }),
  })
  .meta({ id: 'RegistryApiProblem' });

export function registryApiProblem(problem: Problem): z.output<typeof registryApiProblemSchema> {
  return { ...problem, error: problem.detail };
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
