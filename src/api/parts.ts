import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Summaries } from '../orders/cache/summaries.ts';
import type { Ingest } from '../orders/ingest.ts';
import type { Sources } from '../orders/sources.ts';
import type { Deps } from './deps.ts';
import type { LiveEvents } from './live-events.ts';
import type { OpenStreams } from './open-streams.ts';
import type { Draining } from './plugins/overload.ts';
import type { Doorkeeper } from './plugins/authentication.ts';
import type { RateLimits } from './plugins/rate-limits.ts';

/** Fastify with zod's types: a route's schema types its request. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What routes use besides the dependencies from outside: the API's own parts. */
export interface Parts extends Deps {
  authenticator: Authenticator;
  doorkeeper: Doorkeeper;
  limits: RateLimits;
  streams: OpenStreams;
  live: LiveEvents;
  draining: Draining;
  sources: Sources;
  ingest: Ingest;
  summaries: Summaries;
}
