import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** What building and running leave in a source folder; it is no part of the source. */
const LEFTOVERS = new Set(['node_modules', '.medusa', '.git']);

/**
 * Twelve hex digits that change with any name or content below `folder`, and with nothing else: not with dates,
 * owners or the place where the checkout lies.
 */
export function hashFolder(folder: string): string {
  const hash = createHash('sha256');
  for (const file of filesBelow(folder)) {
    const content = createHash('sha256').update(readFileSync(file)).digest('hex');
    hash.update(`${relative(folder, file).split(sep).join('/')}\0${content}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}

/** The same over several folders below `root`, told apart by their names. */
export function hashFolders(root: string, folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) hash.update(`${folder}\0${hashFolder(join(root, folder))}\n`);
  return hash.digest('hex').slice(0, 12);
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => !LEFTOVERS.has(entry.name));
  const found = entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    // By what a link leads to: charts bring their library by one.
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
  return found.toSorted();
}
