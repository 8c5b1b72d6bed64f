import { chmod, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { HOOKED_MAIN, startPlatform, type TestPlatform } from '../support/platform.ts';
import { untilPrepared } from '../support/shops.ts';
import { woocommerce } from './kinds/woocommerce.ts';
import { describeSelling } from './selling.ts';

let base: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'store-platform-no-php-'));
  await chmod(base, 0o711);
});
afterAll(() => rm(base, { recursive: true, force: true }));

describeSelling(woocommerce, 'woocommerce-by-npm', startWithoutPhp);

/** A platform on a machine that has everything but PHP. What npm brings is installed, and the shop is baked with it. */
async function startWithoutPhp(): Promise<TestPlatform> {
  const programs = await pathWithoutPhp(join(base, 'bin'));
  const platform = await startPlatform({
    home: join(base, 'home'),
    main: HOOKED_MAIN,
    env: { TEST_ENGINE: 'tiny-medusa', PATH: programs },
  });
  await untilPrepared(platform, 'woocommerce');
  return platform;
}

/** Links to every program on the path, except for any kind of PHP. */
async function pathWithoutPhp(folder: string): Promise<string> {
  await mkdir(folder);
  await chmod(folder, 0o755);
  for (const place of (process.env['PATH'] ?? '').split(delimiter)) {
    const names = (await readdir(place).catch(() => [])).filter((name) => !name.startsWith('php'));
    for (const name of names) await symlink(join(place, name), join(folder, name)).catch(() => undefined);
  }
  return folder;
}
