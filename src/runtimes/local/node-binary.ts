import { chmod, copyFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { closedToOthers } from './folders.ts';

/**
 * The Node to run stores with: the one that runs the platform, or a copy of it in the home where that one lies below a
 * folder that only root may enter (trap 6: `/root/.nvm`).
 */
export async function nodeForStores(home: string, asRoot: boolean, node = process.execPath): Promise<string> {
  if (!asRoot || (await closedToOthers(node)) === null) return node;
  const copy = join(home, 'bin', process.version, 'node');
  const there = await stat(copy).catch(() => null);
  if (there) return copy;
  await mkdir(dirname(copy), { recursive: true });
  await chmod(dirname(dirname(copy)), 0o755);
  await chmod(dirname(copy), 0o755);
  const draft = `${copy}.${process.pid}`;
  await copyFile(node, draft);
  await chmod(draft, 0o755);
  await rename(draft, copy);
  return copy;
}
