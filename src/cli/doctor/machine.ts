import { existsSync } from 'node:fs';
import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { dirname } from 'node:path';
import { missing, note, ok, type Check } from './check.ts';

const GIB = 1024 ** 3;
const NODE_MIN = [20, 19] as const;
/** Preparing the Medusa engine takes 1 to 1.5 GiB, and the database a little more. */
const DISK_MIN = 2 * GIB;
/** Two Medusa shops of about 300 MB each, and the platform. */
const MEMORY_MIN = GIB;

export function checkNode(version = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return ok('Node', `version ${version}`);
  return missing(
    'Node',
    `version ${version}, but ${NODE_MIN.join('.')} or later is needed`,
    `nvm install ${NODE_MIN[0]}`,
  );
}

/** Whether all state can be kept in the platform's home, without making it. */
export async function checkHome(home: string): Promise<Check> {
  const place = await nearestFolder(home);
  const rights = constants.W_OK | constants.X_OK;
  const writable = await access(place, rights).then(
    () => true,
    () => false,
  );
  const remedy = 'STORE_PLATFORM_HOME=/another/folder npm start';
  if (!writable) return missing('Home', `${home} can't be written by this user`, remedy);
  if (!(await stat(place)).isDirectory()) return missing('Home', `${place} is no folder`, remedy);
  return ok('Home', place === home ? home : `${home} will be made`);
}

export async function checkDisk(home: string): Promise<Check> {
  const { bavail, bsize } = await statfs(await nearestFolder(home));
  const free = `${((Number(bavail) * bsize) / GIB).toFixed(1)} GiB free`;
  if (bavail * bsize >= DISK_MIN) return ok('Disk', free);
  return missing('Disk', `${free} where ${home} is, but ${DISK_MIN / GIB} GiB are needed`, `df -h ${dirname(home)}`);
}

export async function checkMemory(): Promise<Check> {
  const available = await availableMemory();
  const text = `${(available / GIB).toFixed(1)} GiB available`;
  if (available >= MEMORY_MIN) return ok('Memory', `${text}; a Medusa shop takes about 0.3`);
  return note('Memory', `${text}, which is enough for one or two shops`, 'ps aux --sort=-rss | head');
}

async function nearestFolder(path: string): Promise<string> {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

/** On Linux `free` leaves out what caches would give back. */
async function availableMemory(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const line = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  return line === undefined ? freemem() : Number(line) * 1024;
}
