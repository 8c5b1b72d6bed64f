import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { TerminalError } from '../../errors.ts';

/** A chart's folder, by a plain name that must be one of those below `charts`. */
export async function chartFolder(charts: string, name: string): Promise<string> {
  const folder = join(charts, name);
  const isChart = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && (await isFolder(folder));
  if (!isChart) throw new TerminalError(`There is no chart named "${name}" in this installation.`);
  return folder;
}

/** Not by a link either: what is applied is what came with the platform. */
async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
