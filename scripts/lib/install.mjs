import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, say } from './checkout.mjs';
import { run } from './run.mjs';

const modules = join(checkout, 'node_modules');
const stamp = join(modules, '.store-platform-lockfile');
// The build needs the development dependencies too: an installation without them is not a finished one.
const witness = join(modules, '@types', 'node', 'package.json');

/** What the installed packages must match: the lockfile, and nothing that changes without it. */
function lockfileHash() {
  return createHash('sha256')
    .update(readFileSync(join(checkout, 'package-lock.json')))
    .digest('hex');
}

export function isInstalled() {
  return existsSync(stamp) && existsSync(witness) && readFileSync(stamp, 'utf8') === lockfileHash();
}

/** `npm ci`, when the lockfile has changed since the last installation, by whoever that was made. */
export async function install() {
  if (isInstalled()) return;
  say('Installing the packages (npm ci); the first time takes about a minute …');
  const npm = process.env['npm_execpath'];
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await (npm?.endsWith('.js') ? run('npm ci', process.execPath, [npm, ...args]) : run('npm ci', 'npm', args));
  recordInstallation();
}

/** Called by npm itself too (postinstall), so that a plain `npm install` counts as an installation. */
export function recordInstallation() {
  linkBin();
  if (existsSync(witness)) writeFileSync(stamp, lockfileHash());
}

/** Makes `npx store-platform` work inside the checkout, as it would where the package is a dependency. */
function linkBin() {
  const link = join(modules, '.bin', 'store-platform');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync('../../bin/store-platform.mjs', link);
}
