import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { EngineName } from '../src/stores/store.ts';
import type { Engine } from './engine.ts';
import { hashFolder } from './hash-folder.ts';
import { medusa } from './medusa/engine.ts';
import { woocommerce } from './woocommerce/engine.ts';

export type Engines = Readonly<Record<EngineName, Engine>>;

/**
 * Every kind of shop. A further one is a folder beside this file and a line here. Reads the engines' sources for their
 * versions; `root` is the platform's folder. Throws when the storefronts have not been built.
 */
export function engines(root = platformRoot()): Engines {
  return {
    medusa: medusa({
      app: source(join(root, 'engines/medusa/app')),
      storefront: source(join(root, 'dist/medusa-storefront')),
    }),
    woocommerce,
  };
}

function source(folder: string): { folder: string; hash: string } {
  if (!existsSync(folder)) throw new Error(`${folder} is missing. Run: npm run build`);
  return { folder, hash: hashFolder(folder) };
}

/** This file runs from the sources or from their compiled copy, one folder deeper. */
function platformRoot(): string {
  const above = resolve(import.meta.dirname, '..');
  return existsSync(join(above, 'engines/medusa/app/package.json')) ? above : resolve(above, '..');
}
