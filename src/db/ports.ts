import { sql } from 'kysely';
import type { Tx } from './session.ts';

/** Any number: it only has to be the same for all who lease ports in this database. */
const LEASE_LOCK = 7_220_411;
/** A freed port is left alone that long, so that a late request does not reach somebody else's shop (trap 12). */
const REST = '10 minutes';

/**
 * The store's own port: the one it has, or else the lowest free one of the range, kept until it is released.
 * Null when the range is used up. Leases one at a time.
 */
export async function leasePort(tx: Tx, storeId: string, range: { min: number; max: number }): Promise<number | null> {
  await sql`SELECT pg_advisory_xact_lock(${LEASE_LOCK})`.execute(tx);
  const held = await findPort(tx, storeId);
  if (held !== null) return held;
  const { rows } = await sql<{ port: number }>`
    INSERT INTO ports (port, store_id)
    SELECT free.port, ${storeId}::uuid FROM generate_series(${range.min}::int, ${range.max}::int) AS free (port)
    WHERE NOT EXISTS (
      SELECT FROM ports p WHERE p.port = free.port
        AND (p.store_id IS NOT NULL OR p.released_at > now() - ${REST}::interval))
    ORDER BY free.port LIMIT 1
    ON CONFLICT (port) DO UPDATE SET store_id = excluded.store_id
    RETURNING port`.execute(tx);
  return rows[0]?.port ?? null;
}

export async function findPort(tx: Tx, storeId: string): Promise<number | null> {
  const row = await tx.selectFrom('ports').select('port').where('storeId', '=', storeId).executeTakeFirst();
  return row?.port ?? null;
}

/** Gives the store's port back; it rests for ten minutes before anyone gets it. */
export async function releasePort(tx: Tx, storeId: string): Promise<void> {
  await tx.updateTable('ports').set({ storeId: null }).where('storeId', '=', storeId).execute();
}
