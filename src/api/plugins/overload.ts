import underPressure from '@fastify/under-pressure';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';

/** An event loop this late (ms, mean of a second) makes every answer late: better to say so at once (API-11). */
const MAX_EVENT_LOOP_DELAY_MS = 2000;

export interface Draining {
  /** From now on only health is answered; everything else is 503 (API-12). */
  begin(): void;
  isDraining(): boolean;
}

/** Refuses work that would not be done well: while the process is overloaded, and while it is being stopped. */
export async function overload(app: FastifyInstance): Promise<Draining> {
  let draining = false;
  app.addHook('onRequest', (request, reply, done) => {
    if (!draining || isHealth(request)) return done();
    reply.header('connection', 'close');
    done(new AppError('SHUTTING_DOWN', 'The platform is being stopped. Try again in a moment.', { retryAfter: 5 }));
  });
  await app.register(underPressure, {
    maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS,
    pressureHandler: async (request) => {
      if (isHealth(request)) return;
      throw new AppError('OVERLOADED', 'The platform is too busy right now. Try again in a moment.', { retryAfter: 2 });
    },
  });
  return {
    begin: () => {
      draining = true;
    },
    isDraining: () => draining,
  };
}

function isHealth(request: FastifyRequest): boolean {
  return request.url.startsWith('/health') || request.url === '/metrics';
}
