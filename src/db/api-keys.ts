import { sql } from 'kysely';
import type { Tx } from './session.ts';
import type { CredentialHolder } from './sessions.ts';

/** A key as its owner sees it afterwards; the key itself is kept nowhere. */
export interface ApiKey {
  id: string;
  userId: string;
  name: string;
  hint: string;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: Date;
}

const COLUMNS = ['id', 'userId', 'name', 'hint', 'expiresAt', 'revokedAt', 'lastUsedAt', 'createdAt'] as const;

export async function insertApiKey(
  tx: Tx,
  key: { userId: string; name: string; keyHash: Buffer; hint: string; expiresAt?: Date | null },
): Promise<ApiKey> {
  return tx
    .insertInto('apiKeys')
    .values({ ...key, expiresAt: key.expiresAt ?? null })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
}

/** A person's keys, newest first, those that were revoked among them. */
export async function listApiKeys(tx: Tx, userId: string): Promise<ApiKey[]> {
  return tx.selectFrom('apiKeys').select(COLUMNS).where('userId', '=', userId).orderBy('createdAt', 'desc').execute();
}

/** Ends a key for good; null when there is none by that id. Doing it again changes nothing. */
export async function revokeApiKey(tx: Tx, id: string): Promise<ApiKey | null> {
  const row = await tx
    .updateTable('apiKeys')
    .set({ revokedAt: sql`coalesce(revoked_at, now())` })
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst();
  return row ?? null;
}

/** The holder of a valid key; null when it is unknown, expired, revoked, or its holder is suspended. Answers strangers. */
export async function userOfApiKey(tx: Tx, keyHash: Buffer): Promise<CredentialHolder | null> {
  const { rows } = await sql<CredentialHolder>`SELECT * FROM user_of_api_key(${keyHash})`.execute(tx);
  return rows[0] ?? null;
}

/** Notes that a key was used, at most once a minute. */
export async function touchApiKey(tx: Tx, id: string): Promise<void> {
  await sql`SELECT touch_api_key(${id})`.execute(tx);
}
