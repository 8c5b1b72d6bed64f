import { rename, rm } from 'node:fs/promises';
import { TerminalError } from '../../errors.ts';
import { isFolder } from './folders.ts';
import type { StoreFolders } from './folders.ts';
import { mirror } from './mirror.ts';

/*
 * The checkpoint of a store whose data lies in its files alone: a copy of its folder, which has its name only while it
 * is whole. It is made and put back under the running process, which is asked for nothing meanwhile: nobody has the
 * shop's address before its proof, and its chores wait for its hand-over.
 */

export function hasFileCheckpoint({ checkpoint }: StoreFolders): Promise<boolean> {
  return isFolder(checkpoint);
}

/** Copies the files. A checkpoint that is there already is left alone: it is the older, cleaner state. */
export async function makeFileCheckpoint(folders: StoreFolders, signal: AbortSignal): Promise<void> {
  if (await hasFileCheckpoint(folders)) return;
  if (!(await isFolder(folders.data))) throw new TerminalError("The shop's files are gone.");
  await rm(folders.draft, { recursive: true, force: true });
  signal.throwIfAborted();
  await mirror(folders.data, folders.draft);
  await rename(folders.draft, folders.checkpoint);
}

/** Puts the files back as they were and removes the checkpoint; where there is none, nothing is done. */
export async function rollBackFiles(folders: StoreFolders): Promise<void> {
  if (await hasFileCheckpoint(folders)) {
    await mirror(folders.checkpoint, folders.data);
    await rm(folders.draft, { recursive: true, force: true });
    await rename(folders.checkpoint, folders.draft);
  }
  await rm(folders.draft, { recursive: true, force: true });
}
