import { constants } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngines } from '../../engines/index.ts';
import { WOOCOMMERCE_ASSET, WORDPRESS_ASSET } from '../../engines/woocommerce/needs.ts';
import { createAssets } from '../../src/assets/assets.ts';
import { loadConfig } from '../../src/config.ts';
import { version } from '../../src/root.ts';
import { checkout, say } from './checkout.mjs';

export type ImageName = 'platform' | 'dashboard' | 'medusa' | 'woocommerce';

/** A folder that an image is built from. */
interface BuildContext {
  folder: string;
  close(): Promise<void>;
}

interface Image {
  /** Absolute. */
  dockerfile: string;
  /** Rejects with TerminalError, in words for people, where something that belongs into it can't be had. */
  context(): Promise<BuildContext>;
}

const WOOCOMMERCE_SOURCES = ['engines/woocommerce/image', 'engines/woocommerce/wordpress'];

export const IMAGES: Readonly<Record<ImageName, Image>> = {
  platform: { dockerfile: join(checkout, 'image/Dockerfile'), context: inCheckout },
  dashboard: { dockerfile: join(checkout, 'dashboard/image/Dockerfile'), context: inCheckout },
  medusa: { dockerfile: join(checkout, 'engines/medusa/image/Dockerfile'), context: inCheckout },
  woocommerce: { dockerfile: join(checkout, 'engines/woocommerce/image/Dockerfile'), context: withDownloads },
};

/** The platform's own images carry its version; those of stores change with what goes into them. */
export async function tagsOf(): Promise<Record<ImageName, string>> {
  // Which PHP this machine has does not matter: images have one of their own.
  const { medusa, woocommerce } = await openEngines(checkout, { php: 'npm', path: undefined });
  return {
    platform: version,
    dashboard: version,
    medusa: medusa.imageVersion,
    woocommerce: woocommerce.imageVersion,
  };
}

async function inCheckout(): Promise<BuildContext> {
  return { folder: checkout, close: async () => undefined };
}

/** WordPress and WooCommerce are no packages: a folder of their own holds them beside our sources. */
async function withDownloads(): Promise<BuildContext> {
  const files = await downloads();
  const folder = await mkdtemp(join(tmpdir(), 'store-platform-image-'));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    for (const source of WOOCOMMERCE_SOURCES)
      await cp(join(checkout, source), join(folder, source), { recursive: true });
    await mkdir(join(folder, 'assets'));
    for (const { file, path } of files) await copyFile(path, join(folder, 'assets', file), constants.COPYFILE_FICLONE);
    return { folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** From the assets folder of this machine's platform, else fetched into it. */
async function downloads() {
  const { STORE_PLATFORM_HOME, STORE_PLATFORM_ASSETS, STORE_PLATFORM_ASSETS_URL } = process.env;
  const config = loadConfig({ STORE_PLATFORM_HOME, STORE_PLATFORM_ASSETS, STORE_PLATFORM_ASSETS_URL });
  const assets = createAssets({
    folder: config.assets,
    baseUrl: config.STORE_PLATFORM_ASSETS_URL,
    home: config.home,
    log: { info: () => undefined, warn: () => undefined },
  });
  let told = 0;
  const onProgress = (fraction: number): void => {
    const percent = Math.floor(fraction * 100);
    if (percent < 100 && percent >= told + 10) say(`Fetching WordPress and WooCommerce: ${percent} %`);
    if (percent >= told + 10) told = percent;
  };
  return assets.ensureAll([WORDPRESS_ASSET, WOOCOMMERCE_ASSET], onProgress, new AbortController().signal);
}
