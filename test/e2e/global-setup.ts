import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { noWooCommerce } from '../support/assets.ts';
import { startPlatform } from '../support/platform.ts';
import { untilPrepared } from '../support/shops.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    home: string;
  }
}

/**
 * Makes one home with every engine prepared, which all suites share one after another: preparing Medusa takes minutes.
 * `E2E_HOME` keeps it for the next run.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kept = process.env['E2E_HOME'];
  const base = kept ?? (await mkdtemp(join(tmpdir(), 'store-platform-e2e-')));
  await mkdir(base, { recursive: true });
  await chmod(base, 0o711); // as root, PostgreSQL's and the shops' accounts pass through it
  const home = join(base, 'home');
  const platform = await startPlatform({ home });
  try {
    await Promise.all([
      untilPrepared(platform, 'medusa'),
      noWooCommerce === null && untilPrepared(platform, 'woocommerce'),
    ]);
  } finally {
    await platform.stop();
  }
  project.provide('home', home);
  return async () => {
    if (kept === undefined) await rm(base, { recursive: true, force: true });
  };
}
