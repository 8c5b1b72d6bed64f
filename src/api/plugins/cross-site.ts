import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from '../../config.ts';
import { AppError } from '../../errors.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** What browsers on other origins may do: those of ALLOWED_ORIGINS everything, the rest nothing (IDN-5). */
export async function crossOrigin(app: FastifyInstance, config: Config): Promise<void> {
  if (config.ALLOWED_ORIGINS.length === 0) return;
  const allowed = new Set(config.ALLOWED_ORIGINS.map((url) => new URL(url).origin));
  await app.register(cors, {
    delegator: (request, decide) => {
      const { origin } = request.headers;
      const yes = origin !== undefined && allowed.has(origin);
      decide(null, { ...CORS, origin: yes ? origin : false, preflight: yes });
    },
  });
}

const CORS = {
  credentials: true,
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: [
    'authorization',
    'content-type',
    'idempotency-key',
    'last-event-id',
    'traceparent',
    'x-correlation-id',
  ],
  exposedHeaders: [
    'idempotency-replayed',
    'location',
    'ratelimit',
    'ratelimit-policy',
    'retry-after',
    'x-correlation-id',
  ],
  maxAge: 600,
  strictPreflight: false,
};

/**
 * Refuses what a page of another origin has a signed-in browser do (CSRF). A session cookie or a proxy's sign-in
 * travels by itself, and shops under one domain are the same site as the platform, so that SameSite does not tell
 * them apart; `Sec-Fetch-Site` and `Origin` do. A bearer key is put in by the script that has it, and needs neither.
 * Without both headers it is no browser.
 */
export function csrf(app: FastifyInstance, config: Config): void {
  const own = new Set([config.publicUrl, ...config.ALLOWED_ORIGINS].map((url) => new URL(url).origin));
  app.addHook('onRequest', (request, _reply, done) => {
    if (SAFE_METHODS.has(request.method) || request.headers.authorization !== undefined || isSameOrigin(request, own)) {
      done();
      return;
    }
    done(new AppError('CROSS_SITE_REQUEST', 'This request comes from a page of another site and was not carried out.'));
  });
}

function isSameOrigin(request: FastifyRequest, own: ReadonlySet<string>): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined && own.has(origin)) return true;
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return origin === undefined;
}
