import type { Tx } from './session.ts';

/** A secret as it lies in the table: sealed by a SecretBox, with the id of the key that opens it. */
export interface SealedSecret {
  name: string;
  keyId: string;
  ciphertext: Buffer;
}

/**
 * Keeps a store's secrets. Those that are there already stay as they are, so that a repeated attempt
 * works with the first ones (ORC-6); read them back to see which hold.
 */
export async function insertSecrets(tx: Tx, storeId: string, secrets: readonly SealedSecret[]): Promise<void> {
  if (secrets.length === 0) return;
  await tx
    .insertInto('storeSecrets')
    .values(secrets.map(({ name, keyId, ciphertext }) => ({ storeId, name, keyId, ciphertext })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function listSecrets(tx: Tx, storeId: string): Promise<SealedSecret[]> {
  return tx.selectFrom('storeSecrets').select(['name', 'keyId', 'ciphertext']).where('storeId', '=', storeId).execute();
}
