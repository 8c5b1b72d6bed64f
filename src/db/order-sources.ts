import type { Tx } from './session.ts';
import { sql } from 'kysely';

export interface OrderSource {
  id: string;
  userId: string;
  storeId: string | null;
  name: string;
  timeZone: string;
  createdAt: Date;
}

const COLUMNS = ['id', 'userId', 'storeId', 'name', 'timeZone', 'createdAt'] as const;

/** How long a secret that has been replaced is still good. */
const GRACE = sql<Date>`now() + interval '24 hours'`;

/** The sources that the acting person may see, newest first. */
export async function listOrderSources(tx: Tx): Promise<OrderSource[]> {
  return tx.selectFrom('orderSources').select(COLUMNS).orderBy('createdAt', 'desc').orderBy('id', 'desc').execute();
}

export async function findOrderSource(tx: Tx, id: string): Promise<OrderSource | null> {
  const row = await tx.selectFrom('orderSources').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  return row ?? null;
}

export async function insertOrderSource(
  tx: Tx,
  source: { userId: string; name: string; timeZone?: string | undefined },
): Promise<OrderSource> {
  const { userId, name, timeZone } = source;
  return tx
    .insertInto('orderSources')
    .values({ userId, name, ...(timeZone !== undefined && { timeZone }) })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
}

/** Null when there is no such source. */
export async function updateOrderSource(
  tx: Tx,
  id: string,
  change: { name?: string; timeZone?: string },
): Promise<OrderSource | null> {
  const row = await tx
    .updateTable('orderSources')
    .set(change)
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst();
  return row ?? null;
}

/** Its orders are deleted in the background. A store's source is not deleted: it goes with its store. */
export async function deleteOrderSource(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('orderSources').where('id', '=', id).execute();
}

/** Adds a secret. Those before it hold for another day at most, and those that have ended are forgotten. */
export async function addSourceSecret(
  tx: Tx,
  secret: { id: string; sourceId: string; keyId: string; ciphertext: Buffer },
): Promise<void> {
  const ofSource = sql<boolean>`source_id = ${secret.sourceId}`;
  await tx.deleteFrom('orderSourceSecrets').where(ofSource).where('expiresAt', '<', new Date()).execute();
  await tx
    .updateTable('orderSourceSecrets')
    .set({ expiresAt: sql`least(expires_at, ${GRACE})` })
    .where(ofSource)
    .execute();
  await tx
    .insertInto('orderSourceSecrets')
    .values({ ...secret, expiresAt: null })
    .execute();
}

/** What the ingest must know about a source: `readyAt` is of its store. As the platform itself, like the next. */
export async function findSourceAndStore(tx: Tx, id: string): Promise<(OrderSource & { readyAt: Date | null }) | null> {
  const row = await tx
    .selectFrom('orderSources as source')
    .leftJoin('stores', 'stores.id', 'source.storeId')
    .select(COLUMNS.map((name) => `source.${name}` as const))
    .select('stores.readyAt')
    .where('source.id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

export async function listSourceSecrets(
  tx: Tx,
  sourceId: string,
): Promise<{ id: string; ciphertext: Buffer; expiresAt: Date | null }[]> {
  return tx
    .selectFrom('orderSourceSecrets')
    .select(['id', 'ciphertext', 'expiresAt'])
    .where('sourceId', '=', sourceId)
    .orderBy('createdAt', 'desc')
    .execute();
}
