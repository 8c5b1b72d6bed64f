import { sql } from 'kysely';
import type { Scope } from '../orders/summary.ts';
import type { Tx } from './session.ts';

/**
 * A short text of the sources that the acting person sees within the scope, their zones and their last changes. As long
 * as it is the same, so are the figures that are made of them.
 */
export async function headsOf(tx: Tx, { sourceId }: Scope): Promise<string> {
  const { rows } = await sql<{ heads: string }>`
    SELECT md5(coalesce(string_agg(concat_ws(' ', s.id, s.time_zone, h.seq), ',' ORDER BY s.id), '')) AS heads
    FROM order_sources s LEFT JOIN order_heads h ON h.source_id = s.id
    ${sourceId === null ? sql`` : sql`WHERE s.id = ${sourceId}`}`.execute(tx);
  return rows[0]!.heads;
}
