import { setTimeout as delay } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { createApp } from './api/app.ts';
import type { Backstage, HealthCheck } from './api/deps.ts';
import { startMetricsServer } from './api/metrics-server.ts';
import { bootstrap } from './auth/bootstrap.ts';
import type { Core } from './core.ts';
import { NO_API } from './gateway/answers.ts';
import { createGateway } from './gateway/gateway.ts';
import { loadRoute } from './gateway/load-route.ts';
import { createRoutes } from './gateway/routes.ts';
import { healthOnly } from './health-only.ts';
import type { FrontDoor, Handler, Upgrade } from './http.ts';
import type { Aggregator } from './orders/aggregator.ts';
import { rebuild } from './orders/rebuild.ts';
import { createRebuilding } from './orders/rebuilding.ts';
import type { Orchestrator } from './orchestrator/orchestrator.ts';
import { queueFigures } from './orchestrator/queue.ts';
import { version } from './root.ts';

interface Serving extends Core {
  door: FrontDoor;
  orchestrator: Orchestrator | null;
  aggregator: Aggregator | null;
  metrics: Registry;
}

/** How long requests under way are given when the platform stops. */
const DRAIN_MS = 10_000;

/** A part that takes requests, and the two steps of its end. */
interface Part<T> {
  handler: T;
  upgrade?: Upgrade;
  /** Takes nothing new and ends open streams; requests under way go on. */
  drain(): void;
  close(): unknown;
}

/** Opens the door to the API and to the shops, as the roles say. */
export async function serve(serving: Serving): Promise<void> {
  const { config, door, lifecycle, log, metrics } = serving;
  const platform = config.ROLES.includes('api') ? await openApi(serving) : withoutApi(serving);
  const shops = config.ROLES.includes('gateway') ? await openGateway(serving) : null;
  door.open(platform.handler, shops?.handler ?? null, platform.upgrade);
  if (config.METRICS_PORT !== undefined) {
    const at = { host: config.METRICS_HOST, port: config.METRICS_PORT };
    const server = await startMetricsServer(metrics, at, log);
    lifecycle.onStop('metrics', () => server.close());
  }
  lifecycle.onStop('requests', async () => {
    door.leave();
    if (takesRequests(serving)) await delay(config.STOP_DELAY_SECONDS * 1000);
    platform.drain();
    shops?.drain();
    await door.close(DRAIN_MS);
    await Promise.all([platform.close(), shops?.close()]);
  });
}

function takesRequests({ config }: Serving): boolean {
  return config.ROLES.includes('api') || config.ROLES.includes('gateway');
}

async function openApi(serving: Serving): Promise<Part<Handler>> {
  const { config, db, engines, log, runtime, show } = serving;
  const { signInUrl } = await bootstrap(db, config, log);
  const { app, drain, upgrade } = await createApp({
    ...serving,
    engines,
    logs: { read: (ref, options) => runtime.logs(ref, options) },
    health: () => health(serving),
    backstage: () => backstage(serving),
    rebuildOrders: createRebuilding(() => rebuild(serving.settings, log), log),
    version,
  });
  if (signInUrl !== null) show(`Sign in once with this link, within 7 days: ${signInUrl}`);
  return { handler: app.routing, upgrade, drain, close: () => app.close() };
}

function withoutApi(serving: Serving): Part<Handler> {
  const checks = async () => {
    const database = await serving.db.ping().then(
      () => ({ ok: true }),
      () => ({ ok: false, message: 'The database does not answer.' }),
    );
    return { database, ...(await health(serving)) };
  };
  return { handler: healthOnly(checks, NO_API), drain: () => {}, close: () => {} };
}

async function openGateway({ config, db, log }: Serving): Promise<Part<ReturnType<typeof createGateway>>> {
  const routes = createRoutes(loadRoute(db), log);
  const stopListening = await db.listen(
    'store_change',
    (payload) => routes.forget(payload.split(' ', 1)[0]),
    () => routes.forget(),
  );
  const gateway = createGateway({ config, routes, log });
  const close = async () => {
    gateway.close();
    await stopListening();
  };
  return { handler: gateway, drain: () => gateway.drain(), close };
}

async function health({ orchestrator, aggregator, lifecycle }: Serving): Promise<Record<string, HealthCheck>> {
  return {
    ...(orchestrator && { orchestrator: orchestrator.health() }),
    ...(aggregator && { orders: aggregator.health() }),
    ...(lifecycle.signal.aborted && { platform: { ok: false, message: 'It is being stopped.' } }),
  };
}

async function backstage({ db, runtime }: Serving): Promise<Backstage> {
  const [queue, room] = await Promise.all([queueFigures(db.pool), runtime.room()]);
  return { runtime: runtime.kind, queue, room };
}
