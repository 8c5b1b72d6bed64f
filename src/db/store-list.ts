import { sql, type SelectQueryBuilder } from 'kysely';
import { AppError } from '../errors.ts';
import type { EngineName, Status, Store } from '../stores/store.ts';
import type { Schema } from './schema.ts';
import type { Tx } from './session.ts';
import { STORE_COLUMNS } from './stores.ts';

export interface StoreFilter {
  status?: Status | undefined;
  engine?: EngineName | undefined;
  /** Part of the name or slug, in any case. */
  q?: string | undefined;
  ownerId?: string | undefined;
}

export interface StorePageRequest extends StoreFilter {
  limit: number;
  offset?: number | undefined;
  /** `nextCursor` of the page before; as fast on the last page as on the first. */
  cursor?: string | undefined;
}

export interface StorePage {
  stores: Store[];
  total: number;
  nextCursor: string | null;
}

/**
 * Stores that the acting person may see, newest first, and how many there are in all.
 * Throws AppError VALIDATION_FAILED for a cursor that is none of ours.
 */
export async function listStores(tx: Tx, request: StorePageRequest): Promise<StorePage> {
  const { limit, offset = 0, cursor } = request;
  let query = narrow(tx.selectFrom('stores'), request)
    .select(STORE_COLUMNS)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1); // one more tells whether there is another page
  if (cursor !== undefined) {
    const { createdAt, id } = decodeCursor(cursor);
    query = query.where(sql<boolean>`(created_at, id) < (${createdAt}, ${id}::uuid)`);
  } else if (offset > 0) {
    query = query.offset(offset);
  }
  const rows = await query.execute();
  const stores = rows.slice(0, limit);
  const whole = offset === 0 && cursor === undefined && rows.length <= limit;
  const last = stores.at(-1);
  return {
    stores,
    total: whole ? rows.length : await count(tx, request),
    nextCursor: rows.length > limit && last ? encodeCursor(last) : null,
  };
}

async function count(tx: Tx, filter: StoreFilter): Promise<number> {
  if (!filter.status && !filter.engine && !filter.q && !filter.ownerId) {
    const { rows } = await sql<{ total: number }>`SELECT count_visible_stores() AS total`.execute(tx);
    return rows[0]?.total ?? 0;
  }
  const row = await narrow(tx.selectFrom('stores'), filter)
    .select((select) => select.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return row.total;
}

function narrow<O>(
  from: SelectQueryBuilder<Schema, 'stores', O>,
  { status, engine, q, ownerId }: StoreFilter,
): SelectQueryBuilder<Schema, 'stores', O> {
  let query = from;
  if (status) query = query.where('status', '=', status);
  if (engine) query = query.where('engine', '=', engine);
  if (ownerId) query = query.where('userId', '=', ownerId);
  if (q) {
    const pattern = `%${q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where((where) => where.or([where('name', 'ilike', pattern), where('slug', 'ilike', pattern)]));
  }
  return query;
}

function encodeCursor({ createdAt, id }: Store): string {
  return Buffer.from(`${createdAt.getTime()} ${id}`).toString('base64url');
}

/** `created_at` is kept in whole milliseconds, so a JavaScript date names the row's exact place. */
function decodeCursor(cursor: string): { createdAt: Date; id: string } {
  const match = /^(\d{1,15}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(
    Buffer.from(cursor, 'base64url').toString(),
  );
  if (!match?.[1] || !match[2]) {
    throw new AppError('VALIDATION_FAILED', 'cursor: must be the nextCursor of an earlier page.', {
      details: { field: 'cursor' },
    });
  }
  return { createdAt: new Date(Number(match[1])), id: match[2] };
}
