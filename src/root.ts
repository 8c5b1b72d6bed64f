import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The platform's own folder, with package.json, engines/ and migrations/ in it, from src/ as well as from dist/src/. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)));

export const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;

function findRoot(folder: string): string {
  return existsSync(join(folder, 'migrations')) ? folder : findRoot(dirname(folder));
}
