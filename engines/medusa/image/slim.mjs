// Leaves in node_modules what a shop needs to run: `node slim.mjs APP_FOLDER`.
//
// `npm prune --omit=dev` removes 15 of 1,085 packages, because Medusa depends on the sources of its own admin and on
// what builds them. The built admin lies beside the compiled app. So this walks the installed packages from the app's
// dependencies, and doesn't enter those that only serve to build; what it has not met, it removes.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Never needed by a running shop, nor is what only they need. The boots of `template.sh` would not end well without one that is. */
const BUILD_ONLY = new Set([
  '@medusajs/admin-sdk',
  '@medusajs/admin-vite-plugin',
  '@medusajs/dashboard',
  '@medusajs/test-utils',
  '@medusajs/ui',
  '@swc/core',
  '@vitejs/plugin-react',
  'autoprefixer',
  'postcss',
  'react',
  'react-dom',
  'tailwindcss',
  'ts-node',
  'typescript',
  'vite',
]);

/** The admin's part of this plugin is built in already; its server part needs the framework only. */
const WITHOUT_DEPENDENCIES = new Set(['@medusajs/draft-order']);

/** Types, sources of compiled code and prose, by the ends of their names. */
const NOT_RUN = /\.(d\.[cm]?ts|map|md|markdown|flow|tsbuildinfo)$/;

const app = process.argv[2];
const { packages } = JSON.parse(readFileSync(join(app, 'node_modules/.package-lock.json'), 'utf8'));
const { dependencies } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));

const needed = new Set();
for (const name of Object.keys(dependencies)) enter('', name);
for (const path of Object.keys(packages)) {
  if (!needed.has(path) && !isInside(path)) rmSync(join(app, path), { recursive: true, force: true });
}
removeNotRun(join(app, 'node_modules'));

/** Notes the package `name` as `from` would find it, and all that it needs in its turn. */
function enter(from, name) {
  const path = BUILD_ONLY.has(name) ? undefined : find(from, name);
  if (path === undefined || needed.has(path)) return;
  needed.add(path);
  if (WITHOUT_DEPENDENCIES.has(name)) return;
  const { dependencies: own, optionalDependencies: optional, peerDependencies: peers } = packages[path];
  for (const next of Object.keys({ ...own, ...optional, ...peers })) enter(path, next);
}

/** As Node looks for it: in the package's own node_modules first, then in those around it. */
function find(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const path = `${folder}${folder && '/'}node_modules/${name}`;
    if (path in packages) return path;
    if (folder === '') return undefined;
  }
}

/** True for a package that holds a needed one, which removing it would take along. */
function isInside(path) {
  return [...needed].some((kept) => kept.startsWith(`${path}/`));
}

function removeNotRun(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeNotRun(path);
    else if (NOT_RUN.test(entry.name)) rmSync(path);
  }
}
