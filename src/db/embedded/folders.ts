import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorText } from '../../errors.ts';
import type { Account } from './account.ts';

/** Where the parts of the embedded PostgreSQL lie below the platform's home. */
export interface Folders {
  home: string;
  postgres: string;
  data: string;
  logs: string;
  secrets: string;
}

/** Execute permission for others: without it another account can't reach anything below a folder. */
const OTHERS_MAY_PASS = 0o001;

/**
 * Makes the folders. With an account other than our own, the home can be passed through (0711) and only secrets and
 * logs are closed; otherwise all is closed. Rejects with what to do when the home can't be used.
 */
export async function prepareFolders(home: string, account: Account | null): Promise<Folders> {
  const postgres = join(home, 'postgres');
  const folders = {
    home,
    postgres,
    data: join(postgres, 'data'),
    logs: join(home, 'logs'),
    secrets: join(home, 'secrets'),
  };
  const open = account ? 0o711 : 0o700;
  try {
    await make(home, open);
    await make(postgres, open);
    await make(folders.logs, 0o700);
    await make(folders.secrets, 0o700);
  } catch (error) {
    throw unusable(home, errorText(error), error);
  }
  if (account) await assertReachable(postgres, home, account);
  return folders;
}

/** A folder that is there already keeps its mode: its owner may have opened it on purpose. */
async function make(folder: string, mode: number): Promise<void> {
  if ((await mkdir(folder, { recursive: true, mode })) === undefined) return;
  await chmod(folder, mode); // past the umask
}

async function assertReachable(folder: string, home: string, account: Account): Promise<void> {
  for (let at = folder; ; at = dirname(at)) {
    const { mode, uid } = await stat(at);
    if (uid !== account.uid && (mode & OTHERS_MAY_PASS) === 0) {
      const hint = `${at} is closed to the account "${account.name}", which PostgreSQL runs as when the platform is started by root (chmod 711 would open the way)`;
      throw unusable(home, hint);
    }
    if (dirname(at) === at) return;
  }
}

function unusable(home: string, reason: string, cause?: unknown): Error {
  return new Error(`The home ${home} can't be used: ${reason}. Set STORE_PLATFORM_HOME to another folder.`, { cause });
}
