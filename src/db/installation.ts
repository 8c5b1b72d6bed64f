import type { Tx } from './session.ts';

/** The id that everything which this installation makes outside its database carries. */
export async function installationId(tx: Tx): Promise<string> {
  const { id } = await tx.selectFrom('installation').select('id').executeTakeFirstOrThrow();
  return id;
}
