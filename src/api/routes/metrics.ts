import type { App, Parts } from '../parts.ts';

/** For Prometheus (API-9), with an admin's key; METRICS_PORT serves the same without one (metrics-server.ts). */
export function metricsRoutes(app: App, { metrics }: Parts): void {
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
