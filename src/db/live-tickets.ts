import { sql } from 'kysely';
import type { CredentialKind } from '../auth/identity.ts';
import type { Tx } from './session.ts';
import type { Identity } from './users.ts';

/** The key, session or trusted name on which something stands. */
export interface HeldCredential {
  userId: string;
  credentialKind: CredentialKind;
  credentialId: string | null;
}

/** Keeps a ticket for `seconds`, by the database's clock, which is the one that it is judged by. */
export async function insertLiveTicket(
  tx: Tx,
  ticket: HeldCredential & { tokenHash: Buffer },
  seconds: number,
): Promise<void> {
  const expiresAt = sql<Date>`now() + make_interval(secs => ${seconds})`;
  await tx
    .insertInto('liveTickets')
    .values({ ...ticket, expiresAt })
    .execute();
}

/** Uses a ticket up; null when it is unknown, expired or used already. Of two at once, one gets it. Answers strangers. */
export async function redeemLiveTicket(tx: Tx, tokenHash: Buffer): Promise<HeldCredential | null> {
  const { rows } = await sql<HeldCredential>`SELECT * FROM redeem_live_ticket(${tokenHash})`.execute(tx);
  return rows[0] ?? null;
}

/** Who holds a credential, if it is valid now; null when it is not any more. Answers strangers. */
export async function userOfCredential(
  tx: Tx,
  { userId, credentialKind, credentialId }: HeldCredential,
): Promise<(Identity & { expiresAt: Date | null }) | null> {
  const { rows } = await sql<Identity & { expiresAt: Date | null }>`
    SELECT * FROM user_of_credential(${credentialKind}, ${credentialId}, ${userId})`.execute(tx);
  return rows[0] ?? null;
}
