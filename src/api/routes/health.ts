import type { Deps, HealthCheck } from '../deps.ts';
import { featuresOf } from '../features.ts';
import type { App, Parts } from '../parts.ts';

/** A check that hangs is a failed one. */
const CHECK_LIMIT_MS = 2000;

/** For load balancers, supervisors and people (API-2). The only addresses that are open by default. */
export function healthRoutes(app: App, parts: Parts): void {
  const schema = { hide: true };
  app.get('/health/live', { schema }, () => ({ status: 'ok' }));

  app.get('/health/ready', { schema }, async (_request, reply) => {
    const checks = await check(parts);
    const ready = !parts.draining.isDraining() && Object.values(checks).every(({ ok }) => ok);
    if (!ready) reply.code(503).header('retry-after', '5');
    return { status: ready ? 'ready' : 'not ready', checks };
  });

  app.get('/health', { schema }, async () => {
    const checks = await check(parts);
    const ok = Object.values(checks).every((one) => one.ok);
    return {
      status: parts.draining.isDraining() ? 'stopping' : ok ? 'ok' : 'degraded',
      version: parts.version,
      uptimeSeconds: Math.round(process.uptime()),
      features: featuresOf(parts.config),
      checks,
    };
  });
}

async function check({ db, health, log }: Deps): Promise<Record<string, HealthCheck>> {
  const database = db.ping().then(
    () => ({ ok: true }),
    () => ({ ok: false, message: 'The database does not answer.' }),
  );
  const others = within(CHECK_LIMIT_MS, health()).catch((error: unknown): Record<string, HealthCheck> => {
    log.warn({ err: error }, 'A health check failed');
    return { platform: { ok: false, message: 'A part of the platform does not answer.' } };
  });
  return { database: await database, ...(await others) };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
