import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, constants, readdir, readFile, stat, statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { missing, note, ok, type Check } from './check.ts';

const GIB = 1024 ** 3;
const NODE_MIN = [20, 19] as const;
/** Preparing the Medusa engine takes 1 to 1.5 GiB, and the database a little more. */
const DISK_MIN = 2 * GIB;
/** Two Medusa shops of about 300 MB each, and the platform. */
const MEMORY_MIN = GIB;
const PHP_EXTENSIONS = ['sqlite3', 'mbstring', 'gd', 'xml', 'curl', 'intl', 'zip'];

export function checkNode(version = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return ok('Node', `version ${version}`);
  return missing(
    'Node',
    `version ${version}, but ${NODE_MIN.join('.')} or later is needed`,
    `nvm install ${NODE_MIN[0]}`,
  );
}

/** PHP makes WooCommerce shops much faster; nothing else needs it. */
export async function checkPhp(): Promise<Check> {
  const script = 'echo PHP_VERSION, " ", implode(" ", get_loaded_extensions());';
  const found = await promisify(execFile)('php', ['-r', script], { timeout: 10_000 }).catch(() => null);
  const install = 'apt-get install php-cli php-sqlite3 php-mbstring php-gd php-xml php-curl php-intl php-zip';
  if (!found) return note('PHP', 'not found; only WooCommerce shops profit from it', install);
  const [version = '', ...extensions] = found.stdout.trim().toLowerCase().split(' ');
  const lacking = PHP_EXTENSIONS.filter((name) => !extensions.includes(name));
  if (lacking.length > 0) return note('PHP', `version ${version} lacks ${lacking.join(', ')}`, install);
  return ok('PHP', `version ${version} with all that WooCommerce wants`);
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

/** Files that the WooCommerce engine takes from here instead of fetching them. */
export async function checkAssets(folder: string): Promise<Check> {
  const files = await readdir(folder).catch(() => []);
  const found = files.filter((file) => /^(wordpress-|woocommerce\.)[0-9.]+\.zip$/.test(file));
  if (found.length > 1) return ok('Assets', found.join(', '));
  const remedy = `put wordpress-<version>.zip and woocommerce.<version>.zip into ${folder}`;
  return note('Assets', 'WordPress and WooCommerce are not there; they are fetched when first needed', remedy);
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
