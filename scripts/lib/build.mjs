import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkout, say } from './checkout.mjs';
import { run } from './run.mjs';

/** What is built, from which files and by which command. Paths are relative to the checkout. */
const TARGETS = [
  {
    name: 'platform',
    inputs: ['src', 'engines', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    counts: (path) => /\.(ts|json)$/.test(path) && !/\.test\.ts$|^engines\/medusa\/(app|storefront)\//.test(path),
    output: 'dist/src/main.js',
    command: [
      'typescript/bin/tsc',
      '-p',
      'tsconfig.build.json',
      '--incremental',
      '--tsBuildInfoFile',
      'dist/.tsbuildinfo',
    ],
  },
  {
    name: 'storefront',
    inputs: ['engines/medusa/storefront', 'package-lock.json'],
    counts: (path) => !path.startsWith('engines/medusa/storefront/dist/'),
    output: 'dist/medusa-storefront/index.html',
    command: vite('engines/medusa/storefront', 'dist/medusa-storefront'),
  },
  {
    name: 'dashboard',
    inputs: ['dashboard', 'src/cli/api.generated.d.ts', 'package-lock.json'],
    counts: (path) => !/\.test\.tsx?$|^dashboard\/image\//.test(path),
    output: 'dist/dashboard/index.html',
    command: vite('dashboard', 'dist/dashboard'),
  },
];

function vite(source, output) {
  return [
    'vite/bin/vite.js',
    'build',
    source,
    '--logLevel',
    'warn',
    '--outDir',
    join(checkout, output),
    '--emptyOutDir',
  ];
}

/** Builds what has changed since it was built last; the content of the sources decides, not their dates. */
export async function build() {
  await Promise.all(pending().map(({ target, hash }) => buildTarget(target, hash)));
}

export function isBuilt() {
  return pending().length === 0;
}

function pending() {
  return TARGETS.map((target) => ({ target, hash: inputsHash(target) })).filter(
    ({ target, hash }) => !existsSync(join(checkout, target.output)) || readStamp(target) !== hash,
  );
}

async function buildTarget(target, hash) {
  say(`Building the ${target.name} …`);
  rmSync(stampPath(target), { force: true });
  const [program, ...args] = target.command;
  await run(`Building the ${target.name}`, process.execPath, [join('node_modules', program), ...args]);
  if (target.name === 'platform') removeLeftovers();
  mkdirSync(join(checkout, 'dist'), { recursive: true });
  writeFileSync(stampPath(target), hash);
}

function stampPath(target) {
  return join(checkout, 'dist', `.${target.name}-built`);
}

function readStamp(target) {
  return existsSync(stampPath(target)) ? readFileSync(stampPath(target), 'utf8') : null;
}

function inputsHash(target) {
  const hash = createHash('sha256').update(target.command.join(' '));
  for (const path of target.inputs.flatMap(filesBelow).filter(target.counts)) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(checkout, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Files at or below a path, relative to the checkout, always in the same order. */
function filesBelow(path) {
  if (!existsSync(join(checkout, path))) return [];
  if (statSync(join(checkout, path)).isFile()) return [path];
  return readdirSync(join(checkout, path), { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(`${path}/${entry.name}`) : [`${path}/${entry.name}`]));
}

/** The compiler adds and replaces files, but leaves those whose source has gone or moved. */
function removeLeftovers() {
  for (const folder of ['dist/src', 'dist/engines']) {
    for (const file of filesBelow(folder).filter((path) => path.endsWith('.js'))) {
      const source = relative('dist', file).replace(/\.js$/, '.ts');
      if (!existsSync(join(checkout, source))) rmSync(join(checkout, file));
    }
  }
}
