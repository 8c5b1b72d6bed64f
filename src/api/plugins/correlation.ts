import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The trace that the caller's `traceparent` names, or null. */
    traceId: string | null;
  }
}

/** A UUID, or a token that is safe in a header, a log line and a database column. */
const SAFE = /^[A-Za-z0-9][A-Za-z0-9._:@/+=-]{0,254}$/;
/** W3C Trace Context: version, trace, span, flags; all zeros are invalid, and so is version ff. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;

/**
 * The id that ties a request to its log lines, events and jobs (API-4): the caller's when it is safe, the id of
 * their trace when there is one, else a new one. Fastify keeps it as `request.id` and puts it into each log line.
 */
export function correlationIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const { headers } = request;
  for (const given of [headers['x-correlation-id'], headers['x-request-id']]) {
    if (typeof given === 'string' && SAFE.test(given)) return given;
  }
  return traceIdOf(headers['traceparent']) ?? randomUUID();
}

/** Echoes the id, under both of its usual names, also in answers to what never reaches a route. */
export function correlation(app: FastifyInstance): void {
  app.decorateRequest('traceId', null);
  app.addHook('onRequest', (request, reply, done) => {
    request.traceId = traceIdOf(request.headers['traceparent']);
    echoCorrelation(request, reply);
    done();
  });
}

function echoCorrelation(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-correlation-id', request.id).header('x-request-id', request.id);
}

function traceIdOf(traceparent: string | string[] | undefined): string | null {
  return typeof traceparent === 'string' ? (TRACEPARENT.exec(traceparent)?.[1] ?? null) : null;
}
