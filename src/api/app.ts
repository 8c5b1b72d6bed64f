import cookie from '@fastify/cookie';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { createAuthenticator } from '../auth/authenticator.ts';
import type { Upgrade } from '../http.ts';
import { createLive } from '../live/live.ts';
import { createMemoryStore } from '../orders/cache/memory.ts';
import { createRedisStore } from '../orders/cache/redis.ts';
import { createSummaries, type Summaries } from '../orders/cache/summaries.ts';
import { createIngest } from '../orders/ingest.ts';
import { guardDatabase, guardRedis } from '../orders/resilience.ts';
import { createSources } from '../orders/sources.ts';
import type { Deps } from './deps.ts';
import { createLiveEvents } from './live-events.ts';
import { createOpenStreams } from './open-streams.ts';
import { dashboard } from './pages/dashboard.ts';
import type { App, Parts } from './parts.ts';
import { authentication } from './plugins/authentication.ts';
import { browsers } from './plugins/browsers.ts';
import { correlation, correlationIdOf } from './plugins/correlation.ts';
import { crossOrigin, csrf } from './plugins/cross-site.ts';
import { documentation, documentationPages } from './plugins/documentation.ts';
import { errors } from './plugins/errors.ts';
import { jsonBodies } from './plugins/json-bodies.ts';
import { observability, storeMetrics } from './plugins/observability.ts';
import { overload } from './plugins/overload.ts';
import { rateLimits } from './plugins/rate-limits.ts';
import { securityHeaders } from './plugins/security-headers.ts';
import { signatures } from './plugins/signatures.ts';
import { unknownRoutes } from './plugins/unknown-routes.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { auditLogRoutes } from './routes/audit-log.ts';
import { orphanRoutes } from './routes/orphans.ts';
import { engineRoutes } from './routes/engines.ts';
import { orderSourceRoutes } from './routes/order-sources.ts';
import { orderRoutes } from './routes/orders.ts';
import { healthRoutes } from './routes/health.ts';
import { LIVE_PATH, liveRoutes } from './routes/live.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { sessionRoutes } from './routes/session.ts';
import { storeDetailRoutes } from './routes/store-details.ts';
import { storeStreamRoutes } from './routes/store-streams.ts';
import { storeVersionRoutes } from './routes/store-versions.ts';
import { storeRoutes } from './routes/stores.ts';
import { systemRoutes } from './routes/system.ts';
import { userRoutes } from './routes/users.ts';

/** Nothing that people send here is large. */
const BODY_LIMIT = 64 * 1024;
/** How long a request may take. Longer than a statement may (10 s) with the wait for a connection (2 s) before it. */
const HANDLER_TIMEOUT_MS = 15_000;

export interface Api {
  app: FastifyInstance;
  /** Ends open streams and refuses new work from now on; what has begun is finished (API-12). `app.close()` follows. */
  drain(): void;
  /** Takes requests to become a WebSocket. */
  upgrade: Upgrade;
}

/**
 * Puts the API together. It does not listen: the composition root gives requests to `app.routing`, and tests use
 * `app.inject`. The order of the parts is the order in which they look at a request.
 */
export async function createApp(deps: Deps): Promise<Api> {
  const app = bareApp(deps);
  app.setValidatorCompiler(validatorCompiler);
  // What goes out is made by views.ts and typed there; checking it again would double the cost of a page of stores.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));

  limitTime(app);
  correlation(app);
  errors(app);
  observability(app, deps.metrics);
  const draining = await overload(app);
  securityHeaders(app, deps.config.publicUrl);
  await crossOrigin(app, deps.config);
  browsers(app, deps.config.publicUrl);
  await app.register(cookie, { hook: false }); // few requests have cookies: they are read where they count
  const limits = await rateLimits(app, deps.config);
  const authenticator = await createAuthenticator(deps.db, deps.log);
  const doorkeeper = authentication(app, authenticator, deps.config);
  signatures(app);
  csrf(app, deps.config);
  jsonBodies(app);
  unknownRoutes(app);
  await documentation(app, deps.version);

  const streams = createOpenStreams(authenticator, doorkeeper);
  const live = await createLiveEvents(deps.db, deps.log);
  const livePages = createLive({ ...deps, authenticator });
  const sources = await createSources(deps.db, deps.secrets, deps.log);
  const ingest = createIngest({
    db: deps.db,
    guard: guardDatabase({ part: 'ingest', registry: deps.metrics, log: deps.log }),
  });
  const summaries = openSummaries(deps);
  const orders = { sources, ingest, summaries };
  const parts: Parts = { ...deps, authenticator, doorkeeper, limits, streams, live, draining, ...orders };
  storeMetrics(deps.metrics, deps.db);
  await routes(app.withTypeProvider<ZodTypeProvider>(), parts);

  app.addHook('onClose', async () => {
    await Promise.all([
      authenticator.close(),
      live.close(),
      livePages.close(),
      sources.close(),
      ingest.close(),
      summaries.close(),
    ]);
  });
  const drain = (): void => {
    draining.begin();
    streams.endAll();
    livePages.drain();
  };
  const upgrade: Upgrade = (request, socket, head) => {
    if (canonicalUrl(request.url ?? '').split('?', 1)[0] !== LIVE_PATH) return false;
    livePages.upgrade(request, socket, head);
    return true;
  };
  app.addHook('preClose', async () => drain());
  await app.ready();
  return { app, drain, upgrade };
}

/** Not on busy routes, which see to it themselves: it would take a tenth of the time that such a request takes. */
function limitTime(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (!route.config?.isBusy) route.handlerTimeout = HANDLER_TIMEOUT_MS;
  });
}

/** Remembered in Redis where there is one, so that replicas share them. */
function openSummaries({ config, db, log, metrics }: Deps): Summaries {
  if (!config.REDIS_URL) return createSummaries(db, createMemoryStore());
  const guard = guardRedis({ part: 'cache', registry: metrics, log });
  return createSummaries(db, createRedisStore(config.REDIS_URL, { guard, log }));
}

function bareApp({ config, log }: Deps): FastifyInstance {
  return Fastify({
    loggerInstance: log as FastifyBaseLogger,
    // observability.ts writes one line a request, with more in it.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'correlationId' }),
    genReqId: correlationIdOf,
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 16_384 }, // as long as a URL can be: an id that is too long is not found either
    // Ours answers in the one shape of errors.
    return503OnClosing: false,
    trustProxy: config.TRUSTED_PROXIES.length === 0 ? false : config.TRUSTED_PROXIES,
    rewriteUrl: ({ url = '/' }) => canonicalUrl(url),
  });
}

/**
 * `/api/stores…` is `/api/v1/stores…`, an alias of the current version (API-1). A path that can't be decoded is taken
 * literally: it is then refused like any other that does not exist, after its sender's credentials were looked at.
 */
function canonicalUrl(url: string): string {
  const [path = '', ...query] = url.split('?');
  const canonical = path.replace(/^\/api\/(?!v\d+(?:\/|$))/, '/api/v1/');
  return [decodes(canonical) ? canonical : canonical.replaceAll('%', '%25'), ...query].join('?');
}

function decodes(path: string): boolean {
  try {
    return !path.includes('%') || decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}

async function routes(app: App, parts: Parts): Promise<void> {
  healthRoutes(app, parts);
  metricsRoutes(app, parts);
  await app.register(dashboard);
  await documentationPages(app);
  await app.register(
    async (api: App) => {
      storeRoutes(api, parts);
      storeVersionRoutes(api, parts);
      storeDetailRoutes(api, parts);
      storeStreamRoutes(api, parts);
      engineRoutes(api, parts);
      sessionRoutes(api, parts);
      apiKeyRoutes(api, parts);
      userRoutes(api, parts);
      auditLogRoutes(api, parts);
      orphanRoutes(api, parts);
      systemRoutes(api, parts);
      liveRoutes(api, parts);
      orderRoutes(api, parts);
      orderSourceRoutes(api, parts);
    },
    { prefix: '/api/v1' },
  );
}
