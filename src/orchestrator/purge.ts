import { deleteExpiredIdempotencyKeys, forgetIdempotencyKeysOfStores } from '../db/idempotency.ts';
import { deleteExpiredSessions } from '../db/sessions.ts';
import { deleteExpiredSignInLinks } from '../db/sign-in-links.ts';
import { deleteUsageBefore } from '../db/store-usage.ts';
import type { Context } from './context.ts';

const USAGE_KEPT_MS = 24 * 60 * 60 * 1000;

/** Deletes what has expired: sessions, links, idempotency keys, old usage figures. */
export async function purge({ db }: Pick<Context, 'db'>): Promise<void> {
  await db.asOrchestrator(deleteExpiredSessions);
  await db.asOrchestrator(deleteExpiredSignInLinks);
  await db.asOrchestrator(async (tx) => {
    await deleteExpiredIdempotencyKeys(tx);
    await forgetIdempotencyKeysOfStores(tx);
  });
  await db.asOrchestrator((tx) => deleteUsageBefore(tx, new Date(Date.now() - USAGE_KEPT_MS)));
}
