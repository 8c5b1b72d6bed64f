import { spawn } from 'node:child_process';
import { answer } from '../client.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { findStore } from '../find.ts';
import { fields, table } from '../output.ts';
import { localTime, statusWord, storeText } from '../words.ts';

/** `list [--limit N] [--offset N]` */
export async function list({ api, output }: Context, query: { limit?: number; offset?: number }): Promise<void> {
  const page = await answer(api.client.GET('/api/v1/stores', { params: { query } }));
  output.document(page, () => {
    if (page.stores.length === 0) return 'No stores yet. Make one: store-platform create "Tea House" --engine medusa';
    const rows = page.stores.map((store) => [
      store.name,
      store.engine,
      store.status,
      store.slug,
      store.urls.storefront,
      localTime(store.createdAt),
    ]);
    return table([['NAME', 'ENGINE', 'STATUS', 'SLUG', 'ADDRESS', 'CREATED'], ...rows], (cell, column) =>
      column === 2 ? statusWord(output, cell) : cell,
    );
  });
  if (page.hasMore) output.note(`${page.total} in all; the next ones: --offset ${page.offset + page.stores.length}`);
}

/** `show ID|SLUG` */
export async function show({ api, output }: Context, idOrSlug: string): Promise<void> {
  const store = await findStore(api, idOrSlug);
  output.document(store, () => storeText(output, store));
}

/** `credentials ID|SLUG` */
export async function credentials({ api, output }: Context, idOrSlug: string): Promise<void> {
  const { id } = await findStore(api, idOrSlug);
  const found = await answer(api.client.GET('/api/v1/stores/{id}/credentials', { params: { path: { id } } }));
  output.document(found, () =>
    fields([
      ['Admin', found.admin.url],
      ['Username', found.admin.username],
      ['Password', found.admin.password],
      ['Publishable key', found.api.publishableKey],
      ['Application password', found.api.applicationPassword],
    ]),
  );
}

/** `open ID|SLUG [--admin]`: in the browser where there is a screen, and the address in any case. */
export async function open({ api, output }: Context, idOrSlug: string, options: { admin?: boolean }): Promise<void> {
  const store = await findStore(api, idOrSlug);
  if (store.status !== 'ready')
    throw new CliError(
      `${store.name} is ${store.status}; it opens once it is ready: store-platform show ${store.slug}`,
    );
  const url = options.admin ? store.urls.admin : store.urls.storefront;
  output.document({ url }, () => url);
  if (output.interactive) openBrowser(url);
}

/** Does its best; the address has been printed, so nothing is lost where there is no browser. */
function openBrowser(url: string): void {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(program, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
