import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineName } from '../src/stores/store.ts';
import type { Engine } from './engine.ts';
import { hashFolder, hashFolders } from './hash-folder.ts';
import { medusa } from './medusa/engine.ts';
import { woocommerce } from './woocommerce/engine.ts';
import { choosePhp, type PhpWish } from './woocommerce/php.ts';

/** What goes into each engine's image, and the chart that goes with it, below the platform's folder. */
const IMAGE_SOURCES = {
  medusa: ['engines/medusa/app', 'engines/medusa/storefront', 'engines/medusa/image', 'charts/medusa-store'],
  woocommerce: ['engines/woocommerce/wordpress', 'engines/woocommerce/image', 'charts/woocommerce-store'],
} as const;

export type Engines = Readonly<Record<EngineName, Engine>>;

/**
 * Every kind of shop. A further one is a folder beside this file and a line here. Reads the engines' sources below the
 * platform's folder `root` for their versions, and looks which PHP this machine has. Rejects when the storefronts have
 * not been built, or when the PHP that was asked for can't be used.
 */
export async function openEngines(root: string, wish: PhpWish): Promise<Engines> {
  const php = await choosePhp(wish);
  return {
    medusa: medusa({
      app: source(join(root, 'engines/medusa/app')),
      storefront: source(join(root, 'dist/medusa-storefront')),
      image: hashFolders(root, IMAGE_SOURCES.medusa),
    }),
    woocommerce: woocommerce(
      {
        wordpress: source(join(root, 'engines/woocommerce/wordpress')),
        php: source(join(root, 'engines/woocommerce/php')),
        image: hashFolders(root, IMAGE_SOURCES.woocommerce),
      },
      php,
    ),
  };
}

function source(folder: string): { folder: string; hash: string } {
  if (!existsSync(folder)) throw new Error(`${folder} is missing. Run: npm run build`);
  return { folder, hash: hashFolder(folder) };
}
