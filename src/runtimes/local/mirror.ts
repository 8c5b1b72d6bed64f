import {
  copyFile,
  lchown,
  lstat,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
  chmod,
  utimes,
} from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Makes `to` equal to `from`: what differs is copied, what is too much is removed, what is equal is not touched, so that
 * it can be done under a running process and be repeated after an interruption. Keeps owner, mode and times of files;
 * links are copied as links and never followed.
 */
export async function mirror(from: string, to: string): Promise<void> {
  const source = await lstat(from);
  await mkdir(to, { recursive: true, mode: 0o700 });
  const wanted = await readdir(from);
  const extra = (await readdir(to)).filter((name) => !wanted.includes(name));
  for (const name of extra) await rm(join(to, name), { recursive: true, force: true });
  for (const name of wanted) await mirrorEntry(join(from, name), join(to, name));
  await adopt(to, source);
}

async function mirrorEntry(from: string, to: string): Promise<void> {
  const source = await lstat(from);
  const target = await lstat(to).catch(() => null);
  if (source.isDirectory()) {
    if (target && !target.isDirectory()) await rm(to, { force: true });
    return mirror(from, to);
  }
  if (!source.isFile() && !source.isSymbolicLink()) return; // sockets and pipes belong to a running process
  if (target && same(source, target)) return;
  if (target?.isDirectory()) await rm(to, { recursive: true, force: true });
  await replace(from, to, source);
}

/** A process that opens the file meanwhile finds the old or the new one, never none: SQLite would make an empty one. */
async function replace(from: string, to: string, source: Stats): Promise<void> {
  const draft = join(dirname(to), `.${basename(to).slice(0, 200)}.mirror`);
  await rm(draft, { recursive: true, force: true });
  if (source.isSymbolicLink()) await symlink(await readlink(from), draft);
  else await copyFile(from, draft);
  await adopt(draft, source);
  await rename(draft, to);
}

function same(a: Stats, b: Stats): boolean {
  const kept = (['size', 'mode', 'uid', 'gid'] as const).every((key) => a[key] === b[key]);
  // Times are set with microseconds at best.
  return kept && a.isFile() && Math.abs(a.mtimeMs - b.mtimeMs) < 0.002;
}

async function adopt(path: string, like: Stats): Promise<void> {
  if (process.getuid?.() === 0) await lchown(path, like.uid, like.gid);
  if (like.isSymbolicLink()) return;
  await chmod(path, like.mode & 0o7777);
  await utimes(path, like.atimeMs / 1000, like.mtimeMs / 1000);
}
