import type { AvailableEngine, ShopFetch } from '../../../engines/engine.ts';
import { makeTinyEngine } from './engine.ts';

/** The tiny shop as a whole engine, under Medusa's name, for suites in which shops are only a means. */
export async function tinyAsMedusa(): Promise<AvailableEngine> {
  const tiny = await makeTinyEngine();
  return {
    name: 'medusa',
    unavailable: null,
    preparation: tiny.preparation,
    paths: { storefront: '/', admin: '/orders', api: '/orders' },
    secrets: () => ({ databasePassword: { kind: 'hex', bytes: 32 }, adminPassword: { kind: 'password' } }),
    plan: ({ id, slug }, secrets) => ({
      ...tiny.store({ slug }).plan,
      storeId: id,
      database: { kind: 'postgresql', password: secrets['databasePassword'] ?? '' },
    }),
    credentials: ({ publicUrl }, secrets) => ({
      admin: { url: `${publicUrl}/orders`, username: 'admin', password: secrets['adminPassword'] ?? '' },
      api: {},
    }),
    purchase: async (fetch) => {
      const begin = performance.now();
      const id = await order(fetch);
      return { orderId: id, orderNumber: id, legs: [{ name: 'order', ms: performance.now() - begin }] };
    },
  };
}

async function order(fetch: ShopFetch): Promise<string> {
  const answer = await fetch('/buy');
  if (!answer.ok) throw new Error(`order: ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}
