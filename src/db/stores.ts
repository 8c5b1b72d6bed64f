import { sql, type UpdateObject } from 'kysely';
import { AppError } from '../errors.ts';
import { allowed, next, type Trigger } from '../stores/status.ts';
import type { Activity, EngineName, Operation, Status, Store, StoreUrls } from '../stores/store.ts';
import type { Schema } from './schema.ts';
import type { Tx } from './session.ts';

export interface NewStore {
  id: string;
  userId: string;
  name: string;
  slug: string;
  engine: EngineName;
  namespace: string;
  idempotencyKey: string | null;
  correlationId: string;
}

/** What may change of a store besides its status. A field that is left out stays as it is. */
export interface StorePatch {
  activity?: Activity;
  operation?: Operation | null;
  urls?: StoreUrls | null;
  errorMessage?: string | null;
  attempt?: number;
  engineVersion?: string;
  upgradeFrom?: string | null;
  previousVersion?: string;
  correlationId?: string;
  deadlineAt?: Date | null;
  readyAt?: Date | null;
}

/** The slug is somebody's already. The transaction is still good: make another slug and insert again. */
export class SlugTakenError extends Error {
  override readonly name = 'SlugTakenError';
}

export const STORE_COLUMNS = [
  'id',
  'userId',
  'name',
  'slug',
  'engine',
  'status',
  'activity',
  'operation',
  'namespace',
  'urls',
  'errorMessage',
  'attempt',
  'engineVersion',
  'upgradeFrom',
  'previousVersion',
  'correlationId',
  'deadlineAt',
  'readyAt',
  'createdAt',
  'updatedAt',
] as const satisfies (keyof Store)[];

const ERROR_MESSAGE_LIMIT = 1000;

/** Writes a new store in status `provisioning`. Throws SlugTakenError. */
export async function insertStore(tx: Tx, store: NewStore): Promise<Store> {
  const row = await tx
    .insertInto('stores')
    .values(store)
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returning(STORE_COLUMNS)
    .executeTakeFirst();
  if (!row) throw new SlugTakenError(`The slug ${store.slug} is taken`);
  return row;
}

/** An Idempotency-Key that has expired may be used again: takes it off the store that it made. */
export async function releaseIdempotencyKey(tx: Tx, userId: string, key: string): Promise<void> {
  await tx
    .updateTable('stores')
    .set({ idempotencyKey: null })
    .where('userId', '=', userId)
    .where('idempotencyKey', '=', key)
    .execute();
}

export async function findStore(tx: Tx, id: string): Promise<Store | null> {
  return (await tx.selectFrom('stores').select(STORE_COLUMNS).where('id', '=', id).executeTakeFirst()) ?? null;
}

export async function findStoreBySlug(tx: Tx, slug: string): Promise<Store | null> {
  return (await tx.selectFrom('stores').select(STORE_COLUMNS).where('slug', '=', slug).executeTakeFirst()) ?? null;
}

/** Which of these there are. */
export async function existingStores(tx: Tx, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx.selectFrom('stores').select('id').where('id', 'in', ids).execute();
  return rows.map(({ id }) => id);
}

/** The store, its row locked until the end of the transaction; null when there is none. */
export async function lockStore(tx: Tx, id: string): Promise<Store | null> {
  return (
    (await tx.selectFrom('stores').select(STORE_COLUMNS).where('id', '=', id).forUpdate().executeTakeFirst()) ?? null
  );
}

/** Changes what is given, whatever the status; null when the store is gone. */
export async function updateStore(tx: Tx, id: string, patch: StorePatch): Promise<Store | null> {
  if (Object.keys(patch).length === 0) return findStore(tx, id);
  const row = await tx
    .updateTable('stores')
    .set(toRow(patch))
    .where('id', '=', id)
    .returning(STORE_COLUMNS)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Moves a store along the table of stores/status.ts, its row locked. Throws AppError NOT_FOUND when there is no
 * such store, INVALID_STATE with what would be allowed when the change is not in the table.
 */
export async function changeStatus(tx: Tx, id: string, trigger: Trigger, patch: StorePatch = {}): Promise<Store> {
  const store = await lockStore(tx, id);
  if (!store) throw new AppError('NOT_FOUND', 'There is no such store.');
  const status = next(store.status, trigger);
  if (!status) {
    throw new AppError('INVALID_STATE', `That is not possible while the store is ${store.status}.`, {
      details: { status: store.status, allowed: allowed(store.status) },
    });
  }
  return tx
    .updateTable('stores')
    .set({ ...toRow(patch), status })
    .where('id', '=', id)
    .returning(STORE_COLUMNS)
    .executeTakeFirstOrThrow();
}

/** Removes the row and with it events, secrets and usage. The port it held rests for a while (ports.ts). */
export async function deleteStoreRow(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('stores').where('id', '=', id).execute();
}

/** For the metrics: how many stores there are of each kind in each status. */
export async function countByStatusAndEngine(tx: Tx): Promise<{ status: Status; engine: EngineName; count: number }[]> {
  return tx
    .selectFrom('stores')
    .select((select) => ['status', 'engine', select.fn.countAll<number>().as('count')])
    .groupBy(['status', 'engine'])
    .execute();
}

/** Who has most stores, and how many. Of everybody only as many as a page can show. */
export async function countByOwner(
  tx: Tx,
  limit: number,
): Promise<{ userId: string; email: string; stores: number }[]> {
  return tx
    .selectFrom('stores')
    .innerJoin('users', 'users.id', 'stores.userId')
    .select((select) => ['users.id as userId', 'users.email', select.fn.countAll<number>().as('stores')])
    .groupBy(['users.id', 'users.email'])
    .orderBy('stores', 'desc')
    .orderBy('users.email')
    .limit(limit)
    .execute();
}

/** Stores on their way to another status or version, oldest first: what a restarted orchestrator has to go on with. */
export async function storesNeedingWork(tx: Tx): Promise<Store[]> {
  return (
    tx
      .selectFrom('stores')
      .select(STORE_COLUMNS)
      // As literals: few stores have these statuses, which the planner can't know of a parameter.
      .where((where) =>
        where.or([
          where('status', 'in', [sql.lit('provisioning' as const), sql.lit('deleting' as const)]),
          where('upgradeFrom', 'is not', null),
        ]),
      )
      .orderBy('createdAt')
      .execute()
  );
}

/** All stores in a status, oldest first. */
export async function storesInStatus(tx: Tx, status: Status): Promise<Store[]> {
  return tx.selectFrom('stores').select(STORE_COLUMNS).where('status', '=', status).orderBy('createdAt').execute();
}

/**
 * Locks the person until the end of the transaction and counts their stores, whatever their status: of several
 * creations at once, each sees the ones before it (IDN-3).
 */
export async function lockAndCountStores(tx: Tx, userId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT lock_and_count_stores(${userId}) AS count`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** Asks the orchestrator to look at a store once this transaction has committed; asking twice is one job (ORC-3). */
export async function enqueueReconcile(tx: Tx, storeId: string, correlationId: string): Promise<void> {
  await sql`SELECT enqueue_reconcile(${storeId}, ${correlationId})`.execute(tx);
}

/** Has every store looked at that should run, or be gone: for a worker that has just begun (ORC-5). Returns how many. */
export async function enqueueAllReconciles(tx: Tx): Promise<number> {
  const { rows } = await sql`
    SELECT enqueue_reconcile(id, correlation_id) FROM stores
    WHERE status IN ('provisioning', 'ready', 'deleting') OR (status = 'failed' AND ready_at IS NOT NULL)
    ORDER BY created_at`.execute(tx);
  return rows.length;
}

/** Stores that wait for their engine to be prepared, oldest first. */
export async function storesWaitingForEngine(tx: Tx, engine: EngineName): Promise<Store[]> {
  return tx
    .selectFrom('stores')
    .select(STORE_COLUMNS)
    .where('engine', '=', engine)
    .where('status', 'in', ['provisioning', 'ready', 'failed'])
    .where(sql<string>`operation ->> 'step'`, '=', 'prepare')
    .orderBy('createdAt')
    .execute();
}

function toRow(patch: StorePatch): UpdateObject<Schema, 'stores'> {
  const { operation, urls, errorMessage, ...plain } = patch;
  return {
    ...plain,
    ...(operation !== undefined && { operation: operation && JSON.stringify(operation) }),
    ...(urls !== undefined && { urls: urls && JSON.stringify(urls) }),
    ...(errorMessage !== undefined && { errorMessage: errorMessage?.slice(0, ERROR_MESSAGE_LIMIT) ?? null }),
  };
}
