import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  INSTALL_PHP,
  INSTEAD,
  judgePhp,
  PHP_FACTS,
  WOOCOMMERCE_ASSET,
  WORDPRESS_ASSET,
} from '../../../engines/woocommerce/needs.ts';
import type { Asset } from '../../assets/asset.ts';
import { refusal, toFailure, type FetchFailure } from '../../assets/failures.ts';
import { addressOf, hostOf, inWords, notFetched, putThere } from '../../assets/words.ts';
import { missing, note, ok, type Check } from './check.ts';

/** A host that has not said a word by then is not there, for somebody who waits. */
const HOST_MS = 3000;
const UNSET_PHP = 'unset STORE_PLATFORM_PHP';

/**
 * The PHP that WooCommerce shops run on: the one that was asked for (a program's path, or `npm`), else the `php` on the
 * path where it is good enough, else npm's, which needs nothing installed. The platform does not start with a program
 * that was asked for and is not good enough.
 */
export async function checkPhp(asked: string | null): Promise<Check> {
  if (asked === 'npm') return note('PHP', "STORE_PLATFORM_PHP is npm, which is slower than a machine's own", UNSET_PHP);
  const run = promisify(execFile)(asked ?? 'php', ['-r', PHP_FACTS], { timeout: 10_000 });
  const { good, version, problem } = judgePhp((await run.catch(() => null))?.stdout ?? null);
  if (problem === null) return ok('PHP', `version ${version} with all that WooCommerce wants`);
  if (good) return note('PHP', problem, INSTALL_PHP);
  if (asked !== null) return missing('PHP', `${asked}, as STORE_PLATFORM_PHP says: ${problem}`, UNSET_PHP);
  return note('PHP', `${problem}; ${INSTEAD}`, INSTALL_PHP);
}

/** Whether WordPress and WooCommerce lie in the folder, or can be fetched when the first shop needs them. */
export async function checkAssets(folder: string, baseUrl: string): Promise<Check> {
  const found = await Promise.all([WORDPRESS_ASSET, WOOCOMMERCE_ASSET].map((asset) => lookFor(asset, folder)));
  const absent = found.filter(({ bytes }) => bytes === null).map(({ asset }) => asset);
  if (absent.length === 0) {
    const each = found.map(({ asset, bytes }) => `${asset.file} (${((bytes ?? 0) / 1e6).toFixed(1)} MB)`);
    return ok('Assets', inWords(each));
  }
  const remedy = putThere(absent, folder, baseUrl);
  const failures = await Promise.all(absent.map((asset) => obstacle(asset, baseUrl)));
  const reasons = failures.flatMap((failure, n) => (failure ? [{ asset: absent[n]!, reason: failure.message }] : []));
  if (reasons.length > 0) return note('Assets', notFetched(reasons, baseUrl), remedy);
  const titles = inWords(absent.map(({ title }) => title));
  return note('Assets', `${titles} will be fetched from ${hostOf(baseUrl)} when first needed`, `Or: ${remedy}`);
}

async function lookFor(asset: Asset, folder: string): Promise<{ asset: Asset; bytes: number | null }> {
  const found = await stat(join(folder, asset.file)).catch(() => null);
  return { asset, bytes: found?.isFile() ? found.size : null };
}

/** Why it can't be fetched, as far as that can be told without doing it. */
async function obstacle(asset: Asset, baseUrl: string): Promise<FetchFailure | null> {
  try {
    const signal = AbortSignal.timeout(HOST_MS);
    const response = await fetch(addressOf(baseUrl, asset.url), { method: 'HEAD', signal });
    return response.ok ? null : refusal(response);
  } catch (error) {
    return toFailure(error);
  }
}
