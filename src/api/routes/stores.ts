import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Tx } from '../../db/database.ts';
import { addEvent } from '../../db/store-events.ts';
import { listStores } from '../../db/store-list.ts';
import {
  changeStatus,
  enqueueReconcile,
  findStore,
  insertStore,
  lockAndCountStores,
  lockStore,
  releaseIdempotencyKey,
  SlugTakenError,
  type NewStore,
} from '../../db/stores.ts';
import { AppError } from '../../errors.ts';
import { makeNamespace, makeSlug } from '../../stores/names.ts';
import type { Store } from '../../stores/store.ts';
import { audit } from '../audit.ts';
import { command, idempotencyKey, type Answer } from '../command.ts';
import type { App, Parts } from '../parts.ts';
import { mustBeOn } from '../features.ts';
import { actorOf } from '../plugins/authentication.ts';
import { responses } from '../responses.ts';
import { IdempotencyHeaders, IdParams } from '../schemas/fields.ts';
import { CreateStoreBody, ListStoresQuery, StorePageReply, StoreReply } from '../schemas/stores.ts';
import { createSharedReads } from '../shared-reads.ts';
import { storeView } from '../views.ts';

const TAGS = ['stores'];
const DEFAULT_LIMIT = 50;
/** Four hex digits make 65,536 slugs of one name; in a crowd another try or two finds a free one. */
const SLUG_TRIES = 8;

/** Stores: list, create, show, delete, try again (API-1, API-5, API-6). */
export function storeRoutes(app: App, parts: Parts): void {
  list(app, parts);

  app.post(
    '/stores',
    {
      schema: {
        tags: TAGS,
        summary: 'Create a store',
        description: 'Answers at once; ask `Location` until `status` is `ready`, or listen to the event stream.',
        headers: IdempotencyHeaders,
        body: CreateStoreBody,
        response: responses(
          202,
          StoreReply,
          'Accepted; `Location` is its address. A replay says `Idempotency-Replayed: true`.',
          [409, 413, 415, 422],
        ),
      },
    },
    (request, reply) => command(parts, request, reply, (tx) => create(parts, tx, request, reply, request.body)),
  );

  app.get(
    '/stores/:id',
    {
      schema: {
        tags: TAGS,
        summary: 'Show a store',
        params: IdParams,
        response: responses(200, StoreReply, 'The store.', [404]),
      },
    },
    async (request) => storeView(await readStore(parts, request, request.params.id), parts, actorOf(request)),
  );

  app.delete(
    '/stores/:id',
    {
      schema: {
        tags: TAGS,
        summary: 'Delete a store and everything in it',
        params: IdParams,
        response: responses(202, StoreReply, 'It is being deleted, and is not found any more once it is gone.', [404]),
      },
    },
    (request, reply) => command(parts, request, reply, (tx) => remove(parts, tx, request, request.params.id)),
  );

  app.post(
    '/stores/:id/retry',
    {
      schema: {
        tags: TAGS,
        summary: 'Try again with a store that failed',
        headers: IdempotencyHeaders,
        params: IdParams,
        response: responses(202, StoreReply, 'It is being made again.', [404, 409, 413, 415, 422]),
      },
    },
    (request, reply) => command(parts, request, reply, (tx) => retry(parts, tx, request, request.params.id)),
  );
}

/** The store, if this person may see it; NOT_FOUND alike for another's and for none. */
async function readStore(parts: Parts, request: FastifyRequest, id: string): Promise<Store> {
  return parts.db.asUser(actorOf(request), (tx) => visibleStore(tx, id));
}

export async function visibleStore(tx: Tx, id: string): Promise<Store> {
  return (await findStore(tx, id)) ?? notFound();
}

/** The same with its row locked until the end of the transaction. */
export async function lockVisibleStore(tx: Tx, id: string): Promise<Store> {
  return (await lockStore(tx, id)) ?? notFound();
}

function notFound(): never {
  throw new AppError('NOT_FOUND', 'There is no such store.');
}

/** The busiest route: dashboards and scripts poll it, so equal questions at the same time share one query. */
function list(app: App, parts: Parts): void {
  const reads = createSharedReads<string>();
  app.get(
    '/stores',
    {
      schema: {
        tags: TAGS,
        summary: 'List stores, newest first',
        querystring: ListStoresQuery,
        response: responses(200, StorePageReply, 'A page of stores; admins see all.'),
      },
    },
    async (request, reply) => {
      const { userId, role } = actorOf(request);
      const page = await reads.read(`${role} ${userId} ${JSON.stringify(request.query)}`, () =>
        readPage(parts, request, request.query),
      );
      return reply.type('application/json; charset=utf-8').send(page);
    },
  );
}

async function readPage(
  parts: Parts,
  request: FastifyRequest,
  query: z.infer<typeof ListStoresQuery>,
): Promise<string> {
  const { limit = DEFAULT_LIMIT, offset = 0, ...filter } = query;
  if (filter.cursor !== undefined && query.offset !== undefined) {
    throw new AppError('VALIDATION_FAILED', 'Use either cursor or offset.', {
      details: { fields: [{ field: 'cursor' }] },
    });
  }
  const actor = actorOf(request);
  const { stores, total, nextCursor } = await parts.db.asUser(actor, (tx) =>
    listStores(tx, { limit, offset, ...filter }),
  );
  return JSON.stringify({
    stores: stores.map((store) => storeView(store, parts, actor)),
    total,
    limit,
    offset,
    hasMore: nextCursor !== null,
    nextCursor,
  });
}

/** Quota, row, first event, audit and job: all of it or nothing (ORC-3). */
async function create(
  parts: Parts,
  tx: Tx,
  request: FastifyRequest,
  reply: FastifyReply,
  { name, engine }: z.infer<typeof CreateStoreBody>,
): Promise<Answer> {
  const actor = actorOf(request);
  mustBeOn(parts.config, 'storeCreation');
  await parts.limits.countCreate(request, reply);
  await mustHaveRoom(parts, tx, actor.userId);
  const key = idempotencyKey(request);
  if (key !== null) await releaseIdempotencyKey(tx, actor.userId, key);
  const store = await insertWithFreeSlug(tx, {
    userId: actor.userId,
    name,
    engine,
    idempotencyKey: key,
    correlationId: request.id,
  });
  await addEvent(tx, {
    storeId: store.id,
    type: 'created',
    message: `"${name}" was ordered.`,
    correlationId: request.id,
  });
  await audit(tx, request, 'store.create', { storeId: store.id, subject: name, details: { engine, slug: store.slug } });
  await enqueueReconcile(tx, store.id, request.id);
  return accepted(storeView(store, parts, actor));
}

async function mustHaveRoom({ config }: Parts, tx: Tx, userId: string): Promise<void> {
  const limit = config.MAX_STORES_PER_USER;
  if ((await lockAndCountStores(tx, userId)) < limit) return;
  throw new AppError('QUOTA_EXCEEDED', `You have ${limit} stores, which is the limit. Delete one first.`, {
    details: { limit },
  });
}

async function insertWithFreeSlug(tx: Tx, store: Omit<NewStore, 'id' | 'slug' | 'namespace'>): Promise<Store> {
  const id = randomUUID();
  for (let tries = 1; ; tries += 1) {
    const slug = makeSlug(store.name);
    try {
      return await insertStore(tx, { ...store, id, slug, namespace: makeNamespace(slug, id) });
    } catch (error) {
      if (!(error instanceof SlugTakenError) || tries === SLUG_TRIES) throw error;
    }
  }
}

async function remove(parts: Parts, tx: Tx, request: FastifyRequest, id: string): Promise<Answer> {
  const store = await lockVisibleStore(tx, id);
  const viewer = actorOf(request);
  if (store.status === 'deleting') return accepted(storeView(store, parts, viewer));
  const changed = await changeStatus(tx, id, 'delete', { errorMessage: null, correlationId: request.id });
  await addEvent(tx, { storeId: id, type: 'deleting', message: 'Deletion was ordered.', correlationId: request.id });
  await audit(tx, request, 'store.delete', { storeId: id, subject: store.name, details: { slug: store.slug } });
  await enqueueReconcile(tx, id, request.id);
  return accepted(storeView(changed, parts, viewer));
}

async function retry(parts: Parts, tx: Tx, request: FastifyRequest, id: string): Promise<Answer> {
  const store = await lockVisibleStore(tx, id);
  const fresh = {
    attempt: store.attempt + 1,
    errorMessage: null,
    operation: null,
    deadlineAt: null,
    correlationId: request.id,
  };
  const changed = await changeStatus(tx, id, 'retry', fresh);
  await addEvent(tx, { storeId: id, type: 'retry', message: 'Another try was ordered.', correlationId: request.id });
  await audit(tx, request, 'store.retry', { storeId: id, subject: store.name });
  await enqueueReconcile(tx, id, request.id);
  return accepted(storeView(changed, parts, actorOf(request)));
}

export function accepted(store: z.infer<typeof StoreReply>): Answer {
  return { status: 202, body: store, headers: { location: `/api/v1/stores/${store.id}` } };
}
