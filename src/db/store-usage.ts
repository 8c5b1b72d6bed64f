import type { Tx } from './session.ts';

export interface StoreUsage {
  at: Date;
  memoryBytes: number;
  cpuSeconds: number;
  diskBytes: number;
}

export async function addUsage(tx: Tx, storeId: string, usage: StoreUsage): Promise<void> {
  await tx
    .insertInto('storeUsage')
    .values({ storeId, ...usage })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The newest figures of a store, newest first. */
export async function listUsage(tx: Tx, storeId: string, limit: number): Promise<StoreUsage[]> {
  return tx
    .selectFrom('storeUsage')
    .select(['at', 'memoryBytes', 'cpuSeconds', 'diskBytes'])
    .where('storeId', '=', storeId)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
}

export async function deleteUsageBefore(tx: Tx, before: Date): Promise<void> {
  await tx.deleteFrom('storeUsage').where('at', '<', before).execute();
}
