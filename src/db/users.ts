import { sql } from 'kysely';
import type { Tx } from './session.ts';

export interface User {
  id: string;
  email: string;
  role: 'admin' | 'member';
  suspendedAt: Date | null;
  createdAt: Date;
}

/** Somebody who may act, found by one of the doors of the migration: what they showed was valid. */
export interface Identity {
  userId: string;
  email: string;
  role: 'admin' | 'member';
}

const COLUMNS = ['id', 'email', 'role', 'suspendedAt', 'createdAt'] as const;

/** Makes a person (as admin or orchestrator); null when the address is known already. */
export async function insertUser(
  tx: Tx,
  user: { id?: string; email: string; role: 'admin' | 'member'; passwordHash?: string | null },
): Promise<User | null> {
  const row = await tx
    .insertInto('users')
    .values({ ...user, passwordHash: user.passwordHash ?? null, suspendedAt: null })
    .onConflict((conflict) => conflict.doNothing())
    .returning(COLUMNS)
    .executeTakeFirst();
  return row ?? null;
}

export async function findUser(tx: Tx, id: string): Promise<User | null> {
  return (await tx.selectFrom('users').select(COLUMNS).where('id', '=', id).executeTakeFirst()) ?? null;
}

/** People that the acting person may see, oldest first, and how many there are. */
export async function listUsers(
  tx: Tx,
  page: { limit: number; offset?: number | undefined },
): Promise<{ users: User[]; total: number }> {
  const users = await tx
    .selectFrom('users')
    .select(COLUMNS)
    .orderBy('createdAt')
    .orderBy('id')
    .limit(page.limit)
    .offset(page.offset ?? 0)
    .execute();
  const { total } = await tx
    .selectFrom('users')
    .select((select) => select.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return { users, total };
}

/** Changes a person; members may set only their own password. Null when there is nobody by that id. */
export async function updateUser(
  tx: Tx,
  id: string,
  patch: { email?: string; role?: 'admin' | 'member'; passwordHash?: string | null; suspendedAt?: Date | null },
): Promise<User | null> {
  const row = await tx.updateTable('users').set(patch).where('id', '=', id).returning(COLUMNS).executeTakeFirst();
  return row ?? null;
}

/** Removes a person with their ways in. Fails (SQLSTATE 23503) while they own a store. */
export async function deleteUser(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('users').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** The admin who has been here longest and is not suspended; null when there is none. For the platform itself. */
export async function findFirstAdmin(tx: Tx): Promise<User | null> {
  const row = await tx
    .selectFrom('users')
    .select(COLUMNS)
    .where('role', '=', 'admin')
    .where('suspendedAt', 'is', null)
    .orderBy('createdAt')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Locks the admins and counts those who can act, so that the last one can't be taken away by two at once. */
export async function lockAndCountAdmins(tx: Tx): Promise<number> {
  const rows = await tx
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .where('suspendedAt', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.length;
}

/** For signing in by password; null for an unknown or suspended person. */
export async function userByEmail(tx: Tx, email: string): Promise<(Identity & { passwordHash: string | null }) | null> {
  const { rows } = await sql<Identity & { passwordHash: string | null }>`SELECT * FROM user_by_email(${email})`.execute(
    tx,
  );
  return rows[0] ?? null;
}

/** For the trusted-header mode, and to see whether somebody may still act. */
export async function userById(tx: Tx, id: string): Promise<Identity | null> {
  const { rows } = await sql<Identity>`SELECT * FROM user_by_id(${id})`.execute(tx);
  return rows[0] ?? null;
}
