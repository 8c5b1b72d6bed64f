import { chmod, link, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TerminalError } from '../errors.ts';
import type { AssetFile } from './asset.ts';
import { hashFile, writeWhole } from './files.ts';

/** What is kept beside a file in the assets folder, so that it can be told whose it is, and shown. */
const StoredRecord = z.object({
  sha256: z.string(),
  bytes: z.number(),
  source: z.enum(['operator', 'download']),
  since: z.string(),
});
type ShelfRecord = z.infer<typeof StoredRecord>;

/**
 * What lies in the folder under this name, or null. It is the platform's own download only where its record says so by
 * its hash; anything else an operator has put there. Throws TerminalError where it is there but can't be read.
 */
export async function onShelf(folder: string, file: string): Promise<AssetFile | null> {
  const path = join(folder, file);
  try {
    const found = await stat(path).catch(() => null);
    if (found === null) return null;
    const sha256 = await hashFile(path, 'sha256');
    const record = await readRecord(path);
    const source = record?.sha256 === sha256 ? record.source : 'operator';
    // The folder may be one that only an operator can write to.
    if (record?.sha256 !== sha256) await writeRecord(path, sha256, found.size, source).catch(() => {});
    return { file, path, sha256, bytes: found.size, source };
  } catch (error) {
    throw new TerminalError(`${path} can't be read. Put a file there that this user may read; then retry.`, {
      cause: error,
    });
  }
}

/** Puts a verified download in its place, all at once, unless an operator has put a file there meanwhile: theirs stays. */
export async function putOnShelf(folder: string, file: string, from: string): Promise<void> {
  const path = join(folder, file);
  await chmod(from, 0o644);
  await writeRecord(path, await hashFile(from, 'sha256'), (await stat(from)).size, 'download');
  try {
    await link(from, path); // unlike rename, it replaces nothing
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    // Some file systems have no links.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].includes(code ?? '')) throw error;
    if ((await stat(path).catch(() => null)) === null) await rename(from, path);
  }
}

function recordFile(path: string): string {
  return `${path}.json`;
}

async function writeRecord(path: string, sha256: string, bytes: number, source: ShelfRecord['source']): Promise<void> {
  const record: ShelfRecord = { sha256, bytes, source, since: new Date().toISOString() };
  await writeWhole(recordFile(path), `${JSON.stringify(record, null, 2)}\n`);
}

async function readRecord(path: string): Promise<ShelfRecord | null> {
  const text = await readFile(recordFile(path), 'utf8').catch(() => 'null');
  try {
    return StoredRecord.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
