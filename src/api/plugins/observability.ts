import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Gauge, Histogram, type Registry } from 'prom-client';
import UAParser from 'ua-parser-js';
import type { Database } from '../../db/database.ts';
import { countByStatusAndEngine } from '../../db/stores.ts';

const CLIENTS_REMEMBERED = 1000;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Requests come by the thousand: those that went well are logged for debugging only, and it keeps its own time. */
    isBusy?: boolean;
  }
}

/** One structured line a request (API-10) and its duration for Prometheus (API-9). Neither holds headers or bodies. */
export function observability(app: FastifyInstance, metrics: Registry): void {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took, by route and status. Streams are not among them.',
    labelNames: ['method', 'route', 'status_code'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers: [metrics],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    if (!isStream(reply)) durations.observe(labels(request, reply, route), reply.elapsedTime / 1000);
    logRequest(request, reply, route);
    done();
  });
}

/** Stores by status and engine, counted when Prometheus asks. */
export function storeMetrics(metrics: Registry, db: Database): void {
  const gauge = new Gauge({
    name: 'stores',
    help: 'Stores by status and engine.',
    labelNames: ['status', 'engine'],
    registers: [metrics],
    async collect() {
      // Without the database the rest of the metrics is still worth having.
      const counts = await db.asOrchestrator(countByStatusAndEngine).catch(() => []);
      gauge.reset();
      for (const { status, engine, count } of counts) gauge.set({ status, engine }, count);
    },
  });
}

function labels(request: FastifyRequest, reply: FastifyReply, route: string) {
  return { method: request.method, route, status_code: String(reply.statusCode) };
}

function isStream(reply: FastifyReply): boolean {
  return String(reply.raw.getHeader('content-type') ?? '').startsWith('text/event-stream');
}

function logRequest(request: FastifyRequest, reply: FastifyReply, route: string): void {
  // These come every few seconds, or several with each page, and say nothing new.
  if (reply.statusCode < 400 && /^\/(health|metrics|assets)(\/|$)/.test(route)) return;
  const isQuiet = request.routeOptions.config.isBusy === true && reply.statusCode < 400;
  if (isQuiet && !logsDebug(request.log)) return;
  request.log[isQuiet ? 'debug' : 'info'](
    {
      method: request.method,
      route,
      // Without the query: what people search for and cursors are nobody's business.
      path: request.url.split('?', 1)[0],
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      address: request.ip,
      client: clientOf(request.headers['user-agent']),
      ...(request.identity && { userId: request.identity.actor.userId }),
      ...(request.traceId && { traceId: request.traceId }),
    },
    'Request',
  );
}

function logsDebug({ level }: FastifyBaseLogger): boolean {
  return level === 'debug' || level === 'trace';
}

const clients = new Map<string, string>();

/** `cli`, `bot`, a browser's name, `other` or `none`. Parsing costs more than a request, so results are kept. */
export function clientOf(userAgent: string | undefined): string {
  if (!userAgent) return 'none';
  const text = userAgent.slice(0, 512);
  let client = clients.get(text);
  if (client === undefined) {
    client = kindOf(text);
    if (clients.size >= CLIENTS_REMEMBERED) clients.clear();
    clients.set(text, client);
  }
  return client;
}

function kindOf(userAgent: string): string {
  if (/^store-platform\b/i.test(userAgent)) return 'cli';
  if (/bot\b|crawler|spider|slurp/i.test(userAgent)) return 'bot';
  if (/^(curl|wget|node|undici|python|go-http|okhttp|axios|httpie)/i.test(userAgent)) return 'script';
  return new UAParser(userAgent).getBrowser().name?.toLowerCase() ?? 'other';
}
