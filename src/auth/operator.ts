import { insertApiKey } from '../db/api-keys.ts';
import { addAudit } from '../db/audit.ts';
import type { Database } from '../db/database.ts';
import { firstAdmin } from './first-admin.ts';
import { makeSignInLink } from './sign-in.ts';
import { hashToken, newToken, tokenHint } from './token.ts';

/*
 * Who can run a program beside the platform, with its settings, owns it anyway. These are their ways in, for the first
 * day and for the day on which the last admin has lost theirs. Both are written into the audit log.
 */

/** A one-time link that signs the first admin in. */
export async function operatorLink(db: Database, publicUrl: string): Promise<string> {
  return db.asOrchestrator(async (tx) => {
    const { id, email } = await firstAdmin(tx);
    await addAudit(tx, { actorId: null, actor: 'operator', action: 'sign-in-link.create', subject: email });
    return (await makeSignInLink(tx, id, publicUrl)).signInUrl;
  });
}

/** An API key of the first admin. It is kept nowhere. */
export async function operatorKey(db: Database, name: string): Promise<string> {
  return db.asOrchestrator(async (tx) => {
    const { id, email } = await firstAdmin(tx);
    const key = newToken('apiKey');
    const row = await insertApiKey(tx, { userId: id, name, keyHash: hashToken(key), hint: tokenHint(key) });
    const details = { id: row.id, name };
    await addAudit(tx, { actorId: null, actor: 'operator', action: 'api-key.create', subject: email, details });
    return key;
  });
}
