import { z } from 'zod';
import { guardedRoute, publicRoute, type Route } from '../route.js';

export interface MetricsRouteDeps {
  readonly metrics: { text(): Promise<string>; readonly contentType: string };
  /** Whether no token is asked for. */
  readonly metricsPublic: boolean;
}

export function metricsRoutes({ metrics, metricsPublic }: MetricsRouteDeps): readonly Route[] {
  const facts = {
    method: 'get',
    path: '/metrics',
    tag: 'Health',
    summary: 'Figures for Prometheus',
    description:
      "At the registry's own port alone. It takes a token of an administrator or operator with the scope read, and none " +
      'where METRICS_PUBLIC=true.',
    success: {
      status: 200,
      description: 'The text format of Prometheus',
      schema: z.string(),
      mediaType: 'text/plain',
    },
    errors: [],
  } as const;
  const handle = async () => ({
    body: await metrics.text(),
    headers: { 'Content-Type': metrics.contentType },
  });
  return [
    metricsPublic
      ? publicRoute({ ...facts, permission: 'public', handle })
      : guardedRoute({ ...facts, permission: 'metrics:read', handle }),
  ];
}
