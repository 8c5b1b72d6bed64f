import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defaultHome } from '../../src/config.ts';
import { WOOCOMMERCE_ASSET, WORDPRESS_ASSET } from '../../engines/woocommerce/needs.ts';

/** Tests have homes of their own; what an operator has put into the default one, or says, serves them too. */
const folder = process.env['STORE_PLATFORM_ASSETS'] || join(defaultHome(), 'assets');
const missing = [WORDPRESS_ASSET, WOOCOMMERCE_ASSET]
  .map(({ file }) => file)
  .filter((file) => !existsSync(join(folder, file)));

/** Why no WooCommerce shop can be made in tests here, or null. They download nothing. */
export const noWooCommerce = missing.length > 0 ? `${missing.join(' and ')} not in ${folder}` : null;

/** Settings of a platform under test. Nobody answers at the address, and at once: a test is no visitor of wordpress.org. */
export const ASSET_SETTINGS = { STORE_PLATFORM_ASSETS: folder, STORE_PLATFORM_ASSETS_URL: 'http://127.0.0.1:9' };
