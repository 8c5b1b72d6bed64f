import { sql } from 'kysely';
import type { Tx } from './session.ts';

/** What was answered to the first request with a key. Status, headers and body are null if it never got that far. */
export interface FirstAnswer {
  requestHash: Buffer;
  statusCode: number | null;
  headers: Record<string, string> | null;
  body: unknown;
}

/**
 * Claims a person's key for this request until `expiresAt` (API-3): null when it is ours, otherwise the first answer.
 * Waits while another transaction that claimed the same key is still open, and takes over when that one rolls back.
 */
export async function claimIdempotencyKey(
  tx: Tx,
  claim: { userId: string; key: string; requestHash: Buffer; expiresAt: Date },
): Promise<FirstAnswer | null> {
  const { rows } = await sql`
    INSERT INTO idempotency_keys AS k (user_id, key, request_hash, expires_at)
    VALUES (${claim.userId}, ${claim.key}, ${claim.requestHash}, ${claim.expiresAt})
    ON CONFLICT (user_id, key) DO UPDATE SET request_hash = excluded.request_hash, expires_at = excluded.expires_at,
      status_code = NULL, headers = NULL, body = NULL, created_at = now()
    WHERE k.expires_at < now()
    RETURNING key`.execute(tx);
  if (rows.length > 0) return null;
  return tx
    .selectFrom('idempotencyKeys')
    .select(['requestHash', 'statusCode', 'headers', 'body'])
    .where('userId', '=', claim.userId)
    .where('key', '=', claim.key)
    .executeTakeFirstOrThrow();
}

/** Keeps the answer in the transaction that did the work, so that either both are there or neither. */
export async function saveAnswer(
  tx: Tx,
  key: { userId: string; key: string },
  answer: { statusCode: number; headers: Record<string, string>; body: unknown },
): Promise<void> {
  await tx
    .updateTable('idempotencyKeys')
    .set({
      statusCode: answer.statusCode,
      headers: JSON.stringify(answer.headers),
      body: JSON.stringify(answer.body ?? null),
    })
    .where('userId', '=', key.userId)
    .where('key', '=', key.key)
    .execute();
}

export async function deleteExpiredIdempotencyKeys(tx: Tx): Promise<void> {
  await tx.deleteFrom('idempotencyKeys').where('expiresAt', '<', new Date()).execute();
}

/** Stores remember the key that made them only as long as the key itself is kept. */
export async function forgetIdempotencyKeysOfStores(tx: Tx): Promise<void> {
  await tx
    .updateTable('stores')
    .set({ idempotencyKey: null })
    .where('idempotencyKey', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('idempotencyKeys as k')
            .select('k.key')
            .whereRef('k.userId', '=', 'stores.userId')
            .whereRef('k.key', '=', 'stores.idempotencyKey'),
        ),
      ),
    )
    .execute();
}
