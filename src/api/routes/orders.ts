import type { FastifyRequest } from 'fastify';
import { listDeadBatches, retryDeadBatches } from '../../db/order-batches.ts';
import { findOrderSource } from '../../db/order-sources.ts';
import { listOrders } from '../../db/orders.ts';
import type { Tx } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import { orderMetrics } from '../../orders/metrics.ts';
import type { OrderEvent } from '../../orders/order.ts';
import type { SourceInfo } from '../../orders/sources.ts';
import { audit } from '../audit.ts';
import { command } from '../command.ts';
import { readOrders } from '../order-body.ts';
import type { App, Parts } from '../parts.ts';
import { actorOf } from '../plugins/authentication.ts';
import { signedOrders } from '../plugins/signatures.ts';
import { responses } from '../responses.ts';
import { IdempotencyHeaders } from '../schemas/fields.ts';
import {
  AcceptedReply,
  DeadBatchesReply,
  ListOrdersQuery,
  OrderPageReply,
  OrdersBody,
  RebuildReply,
  RetriedReply,
  SummaryQuery,
  SummaryReply,
} from '../schemas/orders.ts';
import { deadBatchView } from '../views.ts';

const TAGS = ['orders'];
const DEFAULT_LIMIT = 50;
/** A thousand orders with some dozens of items each. */
export const BODY_LIMIT = 4 * 1024 * 1024;
const DEAD_SHOWN = 100;

/** Live orders: taking them in, looking at them, and what an admin may have to mend (ORD-1 to ORD-4). */
export function orderRoutes(app: App, parts: Parts): void {
  takeIn(app, parts);
  look(app, parts);
  maintain(app, parts);
}

function takeIn(app: App, parts: Parts): void {
  const { isToBeVerified, preParsing } = signedOrders(parts.sources);
  app.post(
    '/orders',
    {
      bodyLimit: BODY_LIMIT,
      config: { isToBeVerified, isLimitedByOrders: true, isBusy: true },
      preParsing,
      onError: countRefusal(parts),
      // The body is read by order-body.ts, which names the fields of one order and of a thousand alike.
      validatorCompiler: () => (value: unknown) => ({ value }),
      schema: {
        tags: TAGS,
        summary: 'Tell of one order, or of up to a thousand',
        description:
          'Answers once all of them are durable. What was told before, by `storeId` and `eventId`, is not counted ' +
          'again, so it is safe to send it again after any failure. A source may sign instead of sending a key ' +
          '(Standard Webhooks: `webhook-id`, `webhook-timestamp` within five minutes, `webhook-signature`).',
        security: [{ apiKey: [] }, { session: [] }, { orderSignature: [] }],
        body: OrdersBody,
        response: responses(202, AcceptedReply, 'All of them are stored.', [404, 413, 415, 422]),
      },
    },
    async (request, reply) => {
      const events = readOrders(request.body);
      await parts.limits.countOrders(request, reply, events.length);
      return reply.code(202).send(await accept(parts, request, events));
    },
  );
}

/** Stores what counts of the events. Throws NOT_FOUND for a source that the sender may not send for. */
export async function accept(parts: Parts, request: FastifyRequest, events: readonly OrderEvent[]) {
  const sources = new Map<string, SourceInfo>();
  for (const [place, { sourceId }] of events.entries()) {
    if (!sources.has(sourceId)) sources.set(sourceId, await sourceFor(parts, request, sourceId, place));
  }
  const counting = request.signedBy ? events.filter((event) => !isProof(event, request.signedBy)) : events;
  const outcome = await parts.ingest.accept(counting);
  const metrics = orderMetrics(parts.metrics);
  metrics.accepted.inc(outcome.accepted);
  metrics.duplicates.inc(outcome.duplicates);
  return outcome;
}

async function sourceFor(
  parts: Parts,
  { identity, signedBy }: FastifyRequest,
  id: string,
  place: number,
): Promise<SourceInfo> {
  if (signedBy?.id === id) return signedBy;
  const source = await parts.sources.find(id);
  const actor = identity?.actor;
  if (source && actor && (actor.role === 'admin' || actor.userId === source.userId)) return source;
  throw new AppError('NOT_FOUND', `storeId: there is no store or order source ${id}.`, {
    details: { field: 'storeId', order: place },
  });
}

/**
 * The purchase by which a store was proven before it was handed over: it is nobody's order. Shops may note the whole second
 * in which an order was placed, so that one belongs to the owner altogether.
 */
function isProof({ placedAt }: OrderEvent, source: SourceInfo | null): boolean {
  const countsFrom = source?.countsFrom ?? null;
  return countsFrom === 'never' || (countsFrom !== null && wholeSecond(placedAt) < wholeSecond(countsFrom));
}

function wholeSecond(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** For a route's `onError`: requests that were not taken, by the code of their answer. */
export function countRefusal({ metrics }: Parts) {
  const { refused } = orderMetrics(metrics);
  return (_request: FastifyRequest, _reply: unknown, error: { code?: string }, done: () => void): void => {
    refused.inc({ reason: error.code ?? 'INTERNAL' });
    done();
  };
}

function look(app: App, parts: Parts): void {
  app.get(
    '/orders',
    {
      schema: {
        tags: TAGS,
        summary: 'List orders, the one placed last first',
        querystring: ListOrdersQuery,
        response: responses(200, OrderPageReply, 'A page of orders; admins see all.', [404]),
      },
    },
    async (request) => {
      const { storeId, limit = DEFAULT_LIMIT, cursor } = request.query;
      return parts.db.asUser(actorOf(request), async (tx) => {
        if (storeId !== undefined) await mustSeeSource(tx, storeId);
        return listOrders(tx, { sourceId: storeId ?? null, limit, before: cursor });
      });
    },
  );

  app.get(
    '/orders/summary',
    {
      schema: {
        tags: TAGS,
        summary: 'The figures of a day',
        description:
          'Revenue is the total of orders less what was given back; cancelled orders do not count. `previous` is the ' +
          'day before, up to the same time of day. Over several sources the zone is the one that all share, else UTC.',
        querystring: SummaryQuery,
        response: responses(200, SummaryReply, 'All of it as of one moment.', [404]),
      },
    },
    (request) => {
      const { storeId, date } = request.query;
      return parts.summaries.read(actorOf(request), { sourceId: storeId ?? null }, date);
    },
  );
}

async function mustSeeSource(tx: Tx, id: string): Promise<void> {
  if (await findOrderSource(tx, id)) return;
  throw new AppError('NOT_FOUND', `storeId: there is no store or order source ${id}.`, {
    details: { field: 'storeId' },
  });
}

function maintain(app: App, parts: Parts): void {
  app.post(
    '/orders/rebuild',
    {
      schema: {
        tags: TAGS,
        summary: 'Make all figures anew',
        description: 'Of all that was ever told and is kept. Orders are taken in meanwhile and counted afterwards.',
        headers: IdempotencyHeaders,
        response: responses(202, RebuildReply, 'It has begun, or goes on.', [413, 415, 422]),
      },
    },
    (request, reply) =>
      command(
        parts,
        request,
        reply,
        async (tx) => {
          await audit(tx, request, 'orders.rebuild');
          return { status: 202, body: { status: 'running' } };
        },
        { afterCommit: parts.rebuildOrders },
      ),
  );

  app.get(
    '/orders/dead',
    {
      schema: {
        tags: TAGS,
        summary: 'List orders that are stored but could not be counted',
        response: responses(200, DeadBatchesReply, 'The oldest first, at most 100.'),
      },
    },
    async (request) => {
      const batches = await parts.db.asUser(actorOf(request), (tx) => listDeadBatches(tx, DEAD_SHOWN));
      return { batches: batches.map(deadBatchView) };
    },
  );

  app.post(
    '/orders/dead/retry',
    {
      schema: {
        tags: TAGS,
        summary: 'Try again to count them',
        headers: IdempotencyHeaders,
        response: responses(202, RetriedReply, 'They are tried again.', [413, 415, 422]),
      },
    },
    (request, reply) =>
      command(parts, request, reply, async (tx) => {
        const retried = await retryDeadBatches(tx);
        await audit(tx, request, 'orders.retry', { details: { retried } });
        return { status: 202, body: { retried } };
      }),
  );
}
