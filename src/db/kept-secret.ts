import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from './failures.ts';

/**
 * 256 random bits in hex, made on the first call and kept in a file that only its owner can read (0600).
 * They are on disk before they are returned, and the file is never half written. Rejects when it holds something else.
 */
export async function keepSecret(file: string): Promise<string> {
  const kept = (await read(file)) ?? (await make(file));
  if (!/^[0-9a-f]{64}$/i.test(kept)) throw new Error(`${file} must hold 64 hex digits. Restore it from a backup.`);
  return kept;
}

async function read(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function make(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await writeDurably(draft, `${randomBytes(32).toString('hex')}\n`);
    await link(draft, file); // unlike a rename, does not replace what somebody else made meanwhile
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(dirname(file));
  return (await readFile(file, 'utf8')).trim();
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
