import { chmod, cp, lchown, lstat, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { TerminalError } from '../../errors.ts';

/**
 * Where things of one store lie. Only `data` belongs to the store's own account; what the platform relies on
 * (marker, process file, logs) lies beside it, out of the store's reach.
 */
export interface StoreFolders {
  root: string;
  /** The store's own writable folder: its HOME and working directory. */
  data: string;
  /** A copy of `data` from before a purchase. */
  checkpoint: string;
  /** A copy that is being made or thrown away. */
  draft: string;
  logs: string;
  log: string;
  marker: string;
  processFile: string;
}

/** Says whose a store's folder is. */
export interface Marker {
  installation: string;
  storeId: string;
  slug: string;
  /** The account that the store runs as, or null where the platform isn't root. */
  uid: number | null;
  createdAt: string;
}

export function storeFolders(home: string, slug: string): StoreFolders {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(slug)) throw new TerminalError('The address of this shop is not a usable name.');
  const root = join(storesFolder(home), slug);
  return {
    root,
    data: join(root, 'data'),
    checkpoint: join(root, 'checkpoint'),
    draft: join(root, 'draft'),
    logs: join(root, 'logs'),
    log: join(root, 'logs', 'store.log'),
    marker: join(root, 'store.json'),
    processFile: join(root, 'process.json'),
  };
}

/** The marker of a store's folder, or null where there is none that can be read. */
export async function readMarker(file: string): Promise<Marker | null> {
  try {
    const marker = JSON.parse(await readFile(file, 'utf8')) as Marker;
    return typeof marker.storeId === 'string' && typeof marker.installation === 'string' ? marker : null;
  } catch {
    return null;
  }
}

/** The markers of all stores' folders in this home, whoever made them. */
export async function allMarkers(home: string): Promise<Marker[]> {
  const names = await readdir(storesFolder(home)).catch(() => []);
  const found = await Promise.all(names.map((name) => readMarker(join(storesFolder(home), name, 'store.json'))));
  return found.filter((marker) => marker !== null);
}

/** What a store's own folder begins as: a copy of `from`, where it has one, with these folders in it. */
export interface Content {
  from: string | null;
  folders: readonly string[];
}

/**
 * Makes a store's folder with all that belongs into it; what is there already is left as it is.
 * Throws TerminalError where the name is taken by something else.
 */
export async function makeStoreFolder(
  home: string,
  marker: Omit<Marker, 'uid' | 'createdAt'>,
  { from, folders }: Content,
  chooseUid: () => Promise<number | null>,
): Promise<void> {
  const at = storeFolders(home, marker.slug);
  const there = await readMarker(at.marker);
  if (!there) await makeRoot(home, at, { ...marker, uid: await chooseUid(), createdAt: new Date().toISOString() });
  else if (there.storeId !== marker.storeId || there.installation !== marker.installation) {
    throw new TerminalError(`The folder of the address ${marker.slug} belongs to another shop.`);
  }
  const uid = (there ?? (await readMarker(at.marker)))?.uid ?? null;
  await makeFolder(at.logs, null);
  if (from !== null && !(await isFolder(at.data))) await makeCopy(from, at, uid);
  await makeFolder(at.data, uid);
  for (const folder of folders) await makeFolder(join(at.data, folder), uid);
}

/** True when everything that `makeStoreFolder` makes is there. */
export async function hasStoreFolder(
  home: string,
  marker: Omit<Marker, 'uid' | 'createdAt'>,
  folders: Content['folders'],
): Promise<boolean> {
  const at = storeFolders(home, marker.slug);
  const there = await readMarker(at.marker);
  if (there?.storeId !== marker.storeId || there.installation !== marker.installation) return false;
  const wanted = [at.logs, at.data, ...folders.map((folder) => join(at.data, folder))];
  const found = await Promise.all(wanted.map(isFolder));
  return found.every(Boolean);
}

/**
 * Removes a store's folder. The marker goes last, and together with the name, so that an interrupted removal can always
 * tell whose the rest is.
 */
export async function removeStoreFolder(home: string, slug: string): Promise<void> {
  const at = storeFolders(home, slug);
  for (const folder of [at.data, at.checkpoint, at.draft, at.logs]) await rm(folder, AGAIN);
  const hidden = hiddenName(home, slug);
  await rename(at.root, hidden);
  await rm(hidden, AGAIN);
}

/** Removes what was being made or removed when an earlier platform died. */
export async function clearHidden(home: string): Promise<void> {
  const hidden = (await readdir(storesFolder(home))).filter((name) => name.startsWith('.'));
  for (const name of hidden) await rm(join(storesFolder(home), name), AGAIN);
}

const AGAIN = { recursive: true, force: true, maxRetries: 3 };

/** No store's: slugs begin with a letter or digit. */
function hiddenName(home: string, slug: string): string {
  return join(storesFolder(home), `.${slug}-${randomBytes(4).toString('hex')}`);
}

/**
 * Makes the home's own folders. As root they may be walked through but not listed, because stores run as other
 * accounts; throws an Error that says what to do when those accounts can't reach the home at all (trap 6).
 */
export async function makeHome(home: string, asRoot: boolean): Promise<void> {
  const mode = asRoot ? 0o711 : 0o700;
  for (const folder of [home, storesFolder(home), join(home, 'engines'), join(home, 'logs')]) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, mode);
  }
  const closed = asRoot ? await closedToOthers(home) : null;
  if (closed) {
    throw new Error(
      `Stores run as accounts of their own, and those can't reach ${home} because ${closed} is closed to them. ` +
        'Set STORE_PLATFORM_HOME to a folder outside of it, such as /var/lib/store-platform.',
    );
  }
}

/** The first folder on the way to `path` (or `path` itself) that other accounts may not walk through, or null. */
export async function closedToOthers(path: string): Promise<string | null> {
  const above = dirname(path);
  const closed = above === path ? null : await closedToOthers(above);
  if (closed) return closed;
  return ((await stat(path)).mode & 0o001) === 0 ? path : null;
}

function storesFolder(home: string): string {
  return join(home, 'stores');
}

/** Writes a file so that a reader finds the old or the new content, never a part. Mode 0600. */
export async function writeWhole(file: string, content: string): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, content, { mode: 0o600, flush: true });
  await rename(draft, file);
}

/** The folder appears under its name together with its marker, so that there is none without an owner. */
async function makeRoot(home: string, at: StoreFolders, marker: Marker): Promise<void> {
  const draft = hiddenName(home, marker.slug);
  await mkdir(draft, { recursive: true });
  await chmod(draft, marker.uid === null ? 0o700 : 0o711);
  await writeFile(join(draft, 'store.json'), JSON.stringify(marker), { mode: 0o600 });
  try {
    await rename(draft, at.root);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw new TerminalError(`The folder of the address ${marker.slug} is taken by something else.`, { cause: error });
  }
}

/** The copy appears under its name when it is complete: whatever is there is the store's own. */
async function makeCopy(from: string, at: StoreFolders, uid: number | null): Promise<void> {
  await rm(at.draft, AGAIN);
  await cp(from, at.draft, { recursive: true });
  await giveAway(at.draft, uid);
  await rename(at.draft, at.data);
}

/** Makes a tree of files and folders the store's own, and nobody else's. */
async function giveAway(path: string, uid: number | null): Promise<void> {
  const found = await lstat(path);
  if (uid !== null) await lchown(path, uid, uid);
  if (!found.isDirectory()) return chmod(path, 0o600);
  for (const name of await readdir(path)) await giveAway(join(path, name), uid);
  await chmod(path, 0o700);
}

async function makeFolder(path: string, uid: number | null): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (!(await isFolder(path))) throw new TerminalError(`In the shop's folder something stands in the way of ${path}.`);
  if (uid !== null) await lchown(path, uid, uid);
}

export async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
