import { sql } from 'kysely';
import type { Tx } from './session.ts';
import type { Identity } from './users.ts';

/** Who a credential stands for, and until when. */
export interface CredentialHolder extends Identity {
  credentialId: string;
  expiresAt: Date | null;
}

export async function insertSession(
  tx: Tx,
  session: { tokenHash: Buffer; userId: string; userAgent: string | null; address: string | null; expiresAt: Date },
): Promise<{ id: string }> {
  return tx
    .insertInto('sessions')
    .values({ ...session, userAgent: session.userAgent?.slice(0, 512) ?? null })
    .returning('id')
    .executeTakeFirstOrThrow();
}

/** The holder of a valid session; null when it is unknown, over, or its holder is suspended. Answers strangers. */
export async function userOfSession(tx: Tx, tokenHash: Buffer): Promise<CredentialHolder | null> {
  const { rows } = await sql<CredentialHolder>`SELECT * FROM user_of_session(${tokenHash})`.execute(tx);
  return rows[0] ?? null;
}

export async function deleteSession(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('sessions').where('id', '=', id).execute();
}

/** Signs a person out everywhere. */
export async function deleteSessionsOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('sessions').where('userId', '=', userId).execute();
}

export async function deleteExpiredSessions(tx: Tx): Promise<void> {
  await tx.deleteFrom('sessions').where('expiresAt', '<', new Date()).execute();
}
