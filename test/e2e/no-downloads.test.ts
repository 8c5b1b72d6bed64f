import { chmod, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WOOCOMMERCE_ASSET, WORDPRESS_ASSET } from '../../engines/woocommerce/needs.ts';
import { ASSET_SETTINGS, noWooCommerce } from '../support/assets.ts';
import { HOOKED_MAIN, startPlatform, until, type TestPlatform } from '../support/platform.ts';
import { createShop, untilReady, type Shop } from '../support/shops.ts';
import { cli } from './cli.ts';

const FILES = [WORDPRESS_ASSET.file, WOOCOMMERCE_ASSET.file];

describe('a machine that can not reach wordpress.org', () => {
  let base: string;
  let assets: string;
  let platform: TestPlatform;
  let id: string;

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'store-platform-no-downloads-'));
    await chmod(base, 0o711);
    assets = join(base, 'assets');
    const env = { TEST_ENGINE: 'tiny-medusa', STORE_PLATFORM_ASSETS: assets };
    platform = await startPlatform({ home: join(base, 'home'), main: HOOKED_MAIN, env });
  });
  afterAll(async () => {
    await platform?.stop();
    await rm(base, { recursive: true, force: true });
  });

  it('STO-7: tells exactly which file to put where, and everything else goes on', async () => {
    id = await createShop(platform, 'woocommerce');
    const { errorMessage } = await until('it has failed', () => failed(id), 60_000);
    for (const file of FILES) expect(errorMessage).toContain(file);
    expect(errorMessage).toContain(assets);
    expect(errorMessage).toContain('retry');
    await untilReady(platform, await createShop(platform, 'medusa'));
  });

  it('says the same when its operator asks the doctor', async () => {
    const settings = { ...ASSET_SETTINGS, STORE_PLATFORM_ASSETS: assets };
    const { stdout } = await cli({ ...platform, settings }, 'doctor', '--json');
    const check = JSON.parse(stdout).checks.find(({ name }: { name: string }) => name === 'Assets');
    expect(check.status).toBe('note');
    const told = `${check.message} ${check.remedy}`;
    for (const part of [...FILES, assets]) expect(told).toContain(part);
  });

  it.skipIf(noWooCommerce)('makes the shop when they were put there and it is retried', async () => {
    for (const file of FILES) await symlink(join(ASSET_SETTINGS.STORE_PLATFORM_ASSETS, file), join(assets, file));
    expect((await cli(platform, 'retry', id)).code).toBe(0);
    await untilReady(platform, id);
    const { engines } = (await platform.api('/api/v1/engines')).body;
    const { preparation } = engines.find(({ name }: { name: string }) => name === 'woocommerce');
    expect(preparation.assets).toMatchObject(FILES.map((file) => ({ file, source: 'operator' })));
  });

  async function failed(storeId: string): Promise<Shop | null> {
    const { body } = await platform.api<Shop>(`/api/v1/stores/${storeId}`);
    return body.status === 'failed' ? body : null;
  }
});
