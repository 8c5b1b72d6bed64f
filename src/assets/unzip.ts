import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeOpenFolder } from './files.ts';
import { withZip, type OpenZip, type ZipEntry, type ZipLimits } from './zip.ts';

export interface UnzipOptions {
  /** The only folder at the top of the zip. */
  folder: string;
  signal: AbortSignal;
  /** From 0 to 1, by bytes. */
  onProgress?: (fraction: number) => void;
  limits?: ZipLimits;
}

/** Files are held in memory meanwhile; most have a few kilobytes, and are waited for rather than computed. */
const AT_ONCE = 8;

/**
 * Unpacks the zip at `path` so that its one folder appears below `into`, whole or not at all; what lay there under its
 * name is replaced. Files get 0644 and folders 0755, whatever the zip says. Throws TerminalError when it is damaged or
 * hostile, before anything has been written where that can be known.
 */
export async function unzip(
  path: string,
  into: string,
  options: UnzipOptions,
): Promise<{ files: number; bytes: number }> {
  const { folder, signal, limits } = options;
  return withZip(path, { folder, limits }, async (zip) => {
    await makeOpenFolder(into);
    const draft = join(into, `.unzip-${folder}`);
    await rm(draft, { recursive: true, force: true });
    try {
      const unpacked = await unpack(zip, draft, options);
      signal.throwIfAborted();
      await rm(join(into, folder), { recursive: true, force: true });
      await rename(join(draft, folder), join(into, folder));
      return unpacked;
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  });
}

async function unpack(
  zip: OpenZip,
  draft: string,
  { signal, onProgress = () => {} }: UnzipOptions,
): Promise<{ files: number; bytes: number }> {
  const files = zip.entries.filter(({ isFolder }) => !isFolder);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  await makeFolders(zip.entries, draft);
  let bytes = 0;
  await forEach(files, async (file) => {
    signal.throwIfAborted();
    await writeContent(await zip.read(file), join(draft, file.path));
    bytes += file.bytes;
    onProgress(total === 0 ? 1 : bytes / total);
  });
  return { files: files.length, bytes };
}

/** Parents come before their children; a zip need not list them, nor in this order. */
async function makeFolders(entries: readonly ZipEntry[], draft: string): Promise<void> {
  const folders = new Set<string>(['.']);
  for (const { path, isFolder } of entries) {
    for (let at = isFolder ? path : dirname(path); at !== '.' && !folders.has(at); at = dirname(at)) folders.add(at);
  }
  for (const folder of [...folders].toSorted()) await makeOpenFolder(join(draft, folder));
}

async function writeContent(content: Buffer, path: string): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.chmod(0o644); // whatever the umask
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

/** Works on a few at once. The first failure ends it, after those under way have ended too. */
async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const item of queue) {
      if (failures.length > 0) return;
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failures.length > 0) throw failures[0];
}
