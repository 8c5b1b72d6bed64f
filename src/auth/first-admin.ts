import type { Tx } from '../db/database.ts';
import { findFirstAdmin, insertUser } from '../db/users.ts';

/** The first admin's address: a name to sign in with on this machine, not one for mail. */
const ADDRESS = 'admin@localhost';

/** The admin who has been here longest; makes one where there is none. Several replicas may ask at once. */
export async function firstAdmin(tx: Tx): Promise<{ id: string; email: string; isNew: boolean }> {
  const known = await findFirstAdmin(tx);
  if (known) return { ...known, isNew: false };
  const made = await insertUser(tx, { email: ADDRESS, role: 'admin' });
  if (made) return { ...made, isNew: true };
  // Another replica was first, and has committed by now.
  const theirs = await findFirstAdmin(tx);
  if (!theirs) throw new Error(`The person ${ADDRESS} is no admin, and nobody else is`);
  return { ...theirs, isNew: false };
}
