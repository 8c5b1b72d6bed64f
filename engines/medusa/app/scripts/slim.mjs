// Once the app is built, only JavaScript is needed from node_modules: type declarations, source maps
// and markdown are 40 % of it. `npm ci` brings them back.
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const USELESS = /\.(d\.[cm]?ts|map|md|markdown|flow|tsbuildinfo)$/;

let removed = 0;
for (const entry of readdirSync('node_modules', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !USELESS.test(entry.name)) continue;
  rmSync(path.join(entry.parentPath, entry.name));
  removed++;
}
console.log(`removed ${removed} files`);
