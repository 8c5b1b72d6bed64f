import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { insertApiKey, listApiKeys, revokeApiKey, userOfApiKey } from '../db/api-keys.ts';
import type { Database, Tx } from '../db/database.ts';
import { findFirstAdmin, insertUser } from '../db/users.ts';
import { makeSignInLink } from './sign-in.ts';
import { hashToken, newToken, tokenHint } from './token.ts';

/** The first admin's address: a name to sign in with on this machine, not one for mail. */
const FIRST_ADMIN = 'admin@localhost';

export interface Bootstrapped {
  /** Shown once, at the very first start: whoever opens it is the first admin. */
  signInUrl: string | null;
  /** The file that holds an admin's API key for this machine's command line. */
  tokenFile: string;
}

/**
 * Makes what nobody could make yet, since making it takes an admin: the first admin with a sign-in link, and the API
 * key of this machine's command line, `token` in the home (mode 0600). Run at each start, it makes only what is
 * missing or does not work any more; several replicas may run it at once.
 */
export async function bootstrap(
  db: Database,
  settings: { home: string; publicUrl: string },
  log: Logger,
): Promise<Bootstrapped> {
  const tokenFile = join(settings.home, 'token');
  const { adminId, signInUrl } = await db.asOrchestrator((tx) => firstAdmin(tx, settings.publicUrl));
  if (signInUrl !== null) log.info('Made the first admin');
  if (!(await tokenWorks(db, tokenFile))) {
    const token = await db.asOrchestrator((tx) => newMachineKey(tx, adminId, settings.home));
    await writePrivately(settings.home, tokenFile, token);
    log.info({ file: tokenFile }, 'Wrote an API key for the command line on this machine');
  }
  return { signInUrl, tokenFile };
}

async function firstAdmin(tx: Tx, publicUrl: string): Promise<{ adminId: string; signInUrl: string | null }> {
  const known = await findFirstAdmin(tx);
  if (known) return { adminId: known.id, signInUrl: null };
  const made = await insertUser(tx, { email: FIRST_ADMIN, role: 'admin' });
  if (made) return { adminId: made.id, signInUrl: (await makeSignInLink(tx, made.id, publicUrl)).signInUrl };
  // Another replica was first, and has committed by now.
  const theirs = await findFirstAdmin(tx);
  if (!theirs) throw new Error(`The person ${FIRST_ADMIN} is no admin, and nobody else is`);
  return { adminId: theirs.id, signInUrl: null };
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
