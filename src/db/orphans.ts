import { sql } from 'kysely';
import type { Tx } from './session.ts';

/** Something that carries our id and belongs to no store. */
export interface Orphan {
  kind: string;
  name: string;
  storeId: string | null;
  firstSeenAt: Date;
  /** When an operator said that it may be removed. */
  confirmedAt: Date | null;
}

/** Notes an orphan and tells since when it has been known: it is removed a day later (ORC-5). */
export async function noteOrphan(
  tx: Tx,
  orphan: { kind: string; name: string; storeId: string | null },
): Promise<Orphan> {
  return tx
    .insertInto('orphans')
    .values(orphan)
    .onConflict((conflict) => conflict.columns(['kind', 'name']).doUpdateSet({ storeId: sql`excluded.store_id` }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function listOrphans(tx: Tx): Promise<Orphan[]> {
  return tx.selectFrom('orphans').selectAll().orderBy('firstSeenAt').execute();
}

/** An operator's word that all orphans known now may be removed. Returns how many. */
export async function confirmOrphans(tx: Tx): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('orphans')
    .set({ confirmedAt: new Date() })
    .where('confirmedAt', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** It is gone, or has a store again. */
export async function forgetOrphan(tx: Tx, kind: string, name: string): Promise<void> {
  await tx.deleteFrom('orphans').where('kind', '=', kind).where('name', '=', name).execute();
}
