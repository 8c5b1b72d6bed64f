import { createHash } from 'node:crypto';
import type { FileHash, Published } from './checksums.ts';
import { hashFile } from './files.ts';
import { TerminalError } from '../errors.ts';
import { withZip, type OpenZip } from './zip.ts';

/** Why the file is not what was published, in a few words, or null when it is, to the last byte. */
export async function verify(
  path: string,
  { folder, published, signal }: { folder: string; published: Published; signal: AbortSignal },
): Promise<string | null> {
  if (published.kind === 'sha1') {
    const sha1 = await hashFile(path, 'sha1', signal);
    return sha1 === published.sha1 ? null : `its SHA-1 is ${sha1} instead of ${published.sha1}`;
  }
  try {
    return await withZip(path, { folder }, (zip) => compare(zip, folder, published.files, signal));
  } catch (error) {
    // What came is not even a sound zip.
    if (error instanceof TerminalError && !signal.aborted) return 'it is damaged';
    throw error;
  }
}

/** Every file that is listed must be there and right, and none that is not. */
async function compare(
  zip: OpenZip,
  folder: string,
  list: ReadonlyMap<string, FileHash>,
  signal: AbortSignal,
): Promise<string | null> {
  const missing = new Set(list.keys());
  for (const entry of zip.entries.filter(({ isFolder }) => !isFolder)) {
    const name = entry.path.slice(folder.length + 1);
    const hash = list.get(name);
    if (!hash) return `${name} in it is not listed`;
    if (!matches(await zip.read(entry), hash)) return `${name} in it is not the listed one`;
    missing.delete(name);
    signal.throwIfAborted();
  }
  const [name] = missing;
  return name === undefined ? null : `${name} is not in it`;
}

function matches(content: Buffer, { algorithm, allowed }: FileHash): boolean {
  return allowed.includes(createHash(algorithm).update(content).digest('hex'));
}
