import { sql } from 'kysely';
import type { Tx } from './session.ts';
import type { Identity } from './users.ts';

export async function insertSignInLink(
  tx: Tx,
  link: { tokenHash: Buffer; userId: string; expiresAt: Date },
): Promise<void> {
  await tx.insertInto('signInLinks').values(link).execute();
}

/** Uses a link up; null when it is unknown, expired or used already. Of two at once, one gets it. */
export async function redeemSignInLink(tx: Tx, tokenHash: Buffer): Promise<Identity | null> {
  const { rows } = await sql<Identity>`SELECT * FROM redeem_sign_in_link(${tokenHash})`.execute(tx);
  return rows[0] ?? null;
}

/** Takes back the links that a person has not used yet. */
export async function deleteSignInLinksOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('signInLinks').where('userId', '=', userId).execute();
}

export async function deleteExpiredSignInLinks(tx: Tx): Promise<void> {
  await tx.deleteFrom('signInLinks').where('expiresAt', '<', new Date()).execute();
}
