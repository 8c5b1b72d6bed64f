import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** The hash of a file in hex digits, without ever holding the file in memory. */
export async function hashFile(path: string, algorithm: 'sha1' | 'sha256', signal?: AbortSignal): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash, ...(signal ? [{ signal }] : []));
  return hash.digest('hex');
}

/** Makes a folder that other accounts may read, whatever the umask; one that is there keeps its rights. */
export async function makeOpenFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made !== undefined) await chmod(path, 0o755);
}

/** A file that is there is whole, even after a crash in the middle of writing it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  await writeFile(draft, text, { mode: 0o644 });
  await rename(draft, path);
}
