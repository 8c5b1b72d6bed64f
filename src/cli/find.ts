import { answer, type Api, type Store } from './client.ts';
import { CliError } from './errors.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The store with this id or slug. Rejects with what there is to do when there is none. */
export async function findStore({ client }: Api, idOrSlug: string): Promise<Store> {
  const store = UUID.test(idOrSlug) ? await byId(client, idOrSlug) : await bySlug(client, idOrSlug);
  if (!store) throw new CliError(`There is no store "${idOrSlug}" that you may see: store-platform list shows yours`);
  return store;
}

/** The store as it is now, or null once it is gone. */
export async function byId(client: Api['client'], id: string): Promise<Store | null> {
  const reply = await client.GET('/api/v1/stores/{id}', { params: { path: { id } } });
  return reply.response.status === 404 ? null : answer<Store>(Promise.resolve(reply));
}

async function bySlug(client: Api['client'], slug: string): Promise<Store | null> {
  const page = await answer(client.GET('/api/v1/stores', { params: { query: { q: slug, limit: 100 } } }));
  return page.stores.find((store) => store.slug === slug) ?? null;
}
