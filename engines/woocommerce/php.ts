import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { PhpChoice } from './engine.ts';
import { judgePhp, PHP_FACTS } from './needs.ts';

/** What an operator says about PHP, and where programs are looked for. */
export interface PhpWish {
  /** A program, or `npm` for the one that npm brings; unset for the first `php` on the path that is good enough. */
  php: string | undefined;
  path: string | undefined;
}

/**
 * The PHP that WooCommerce shops run on here: this machine's, where it is good enough, else the one that npm brings.
 * Throws an Error that says what is wrong with a program that was asked for by name.
 */
export async function choosePhp({ php, path = '' }: PhpWish): Promise<PhpChoice> {
  if (php === 'npm') return { program: null, advice: null };
  const program = php ?? findOnPath(path);
  const verdict = program === null ? judgePhp(null) : judgePhp(await factsOf(program));
  if (verdict.good) return { program, advice: verdict.advice };
  if (php !== undefined) throw new Error(`STORE_PLATFORM_PHP: ${php} can't be used. ${verdict.advice ?? ''}`);
  return { program: null, advice: verdict.advice };
}

function findOnPath(path: string): string | null {
  const candidates = path.split(delimiter).map((folder) => join(folder, 'php'));
  return candidates.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What the program says of itself; null when it can't be run. */
async function factsOf(program: string): Promise<string | null> {
  return promisify(execFile)(program, ['-r', PHP_FACTS], { timeout: 10_000 }).then(
    ({ stdout }) => stdout,
    () => null,
  );
}
