import type { StoreUrls } from './store.ts';

interface Settings {
  publicUrl: string;
  STORE_DOMAIN: string;
}

/**
 * A store's address as people type it, `http://<slug>.<domain>[:port]`, without a trailing slash: with the platform's
 * own scheme and port, because one gateway serves both.
 */
export function storeOrigin(settings: Settings, slug: string): string {
  const { protocol, port } = new URL(settings.publicUrl);
  return `${protocol}//${slug}.${settings.STORE_DOMAIN}${port === '' ? '' : `:${port}`}`;
}

/** Where the parts of a store are below its address; `direct` is its own address on this machine, null where it has none (yet). */
export function storeUrls(
  origin: string,
  paths: { storefront: string; admin: string; api: string },
  direct: string | null,
): StoreUrls {
  const at = (path: string): string => origin + (path === '/' ? '' : path);
  return { storefront: at(paths.storefront), admin: at(paths.admin), api: at(paths.api), direct };
}
