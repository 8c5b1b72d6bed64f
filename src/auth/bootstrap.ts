import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { insertApiKey, listApiKeys, revokeApiKey, userOfApiKey } from '../db/api-keys.ts';
import type { Database, Tx } from '../db/database.ts';
import { firstAdmin } from './first-admin.ts';
import { makeSignInLink } from './sign-in.ts';
import { hashToken, newToken, tokenHint } from './token.ts';

export interface Bootstrapped {
  /** Shown once, at the very first start: whoever opens it is the first admin. */
  signInUrl: string | null;
}

/**
 * Makes what nobody could make yet, since making it takes an admin: the first admin with a sign-in link, and the API
 * key of this machine's command line, `token` in the home (mode 0600). Run at each start, it makes only what is
 * missing or does not work any more; several replicas may run it at once. A pod is nobody's machine and gets no key;
 * admin-main.ts makes one when asked.
 */
export async function bootstrap(
  db: Database,
  settings: Pick<Config, 'home' | 'publicUrl' | 'RUNTIME'>,
  log: Logger,
): Promise<Bootstrapped> {
  const { adminId, signInUrl } = await db.asOrchestrator(async (tx) => {
    const { id, isNew } = await firstAdmin(tx);
    return { adminId: id, signInUrl: isNew ? (await makeSignInLink(tx, id, settings.publicUrl)).signInUrl : null };
  });
  if (signInUrl !== null) log.info('Made the first admin');
  if (settings.RUNTIME === 'local') await keepMachineKey(db, adminId, settings.home, log);
  return { signInUrl };
}

async function keepMachineKey(db: Database, adminId: string, home: string, log: Logger): Promise<void> {
  const file = join(home, 'token');
  if (await tokenWorks(db, file)) return;
  const token = await db.asOrchestrator((tx) => newMachineKey(tx, adminId, home));
  await writePrivately(home, file, token);
  log.info({ file }, 'Wrote an API key for the command line on this machine');
}

async function tokenWorks(db: Database, file: string): Promise<boolean> {
  const token = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (token.trim() === '') return false;
  return (await db.asStranger((tx) => userOfApiKey(tx, hashToken(token.trim())))) !== null;
}

/** A key whose file was lost is of no more use to anyone but a finder. */
async function newMachineKey(tx: Tx, adminId: string, home: string): Promise<string> {
  const name = `command line on ${hostname()}, ${home}`.slice(0, 255);
  for (const key of await listApiKeys(tx, adminId)) {
    if (key.name === name && key.revokedAt === null) await revokeApiKey(tx, key.id);
  }
  const token = newToken('apiKey');
  await insertApiKey(tx, { userId: adminId, name, keyHash: hashToken(token), hint: tokenHint(token) });
  return token;
}

/** Whole or not at all, and never readable by others, not even for a moment. */
async function writePrivately(folder: string, file: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(`${text}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
