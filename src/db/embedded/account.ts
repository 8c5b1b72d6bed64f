import { readFile } from 'node:fs/promises';

/** Whose rights the server runs with. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

const NOBODY_UID = 65534;

/**
 * The account for PostgreSQL, which refuses to run as root: `nobody` then, and null (ourselves) for everyone else.
 * It must have a line in /etc/passwd, or PostgreSQL does not start; nothing on the machine is changed for it.
 */
export async function serverAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const accounts = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map(parse);
  const nobody =
    accounts.find((account) => account?.name === 'nobody') ?? accounts.find((account) => account?.uid === NOBODY_UID);
  if (nobody && nobody.uid !== 0) return nobody;
  throw new Error(
    'PostgreSQL does not run as root, and there is no account "nobody" to run it as. ' +
      'Start the platform as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

function parse(line: string): Account | null {
  const [name, , uid, gid] = line.split(':');
  return name && uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : null;
}
