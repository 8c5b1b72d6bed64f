import type { Engine, ShopFetch } from '../../../engines/engine.ts';
import type { Engines } from '../../../engines/index.ts';
import type { EngineName } from '../../../src/stores/store.ts';
import { makeTinyEngine } from './engine.ts';

/** The tiny shops as whole engines, for suites in which shops are only a means. */
export async function tinyEngines(): Promise<Engines> {
  return { medusa: await tinyEngine('medusa'), woocommerce: await tinyEngine('woocommerce') };
}

async function tinyEngine(name: EngineName): Promise<Engine> {
  const tiny = await makeTinyEngine(name);
  return {
    name,
    advice: null,
    preparation: tiny.preparation,
    paths: { storefront: '/', admin: '/orders', api: '/orders' },
    secrets: () => ({ databasePassword: { kind: 'hex', bytes: 32 }, adminPassword: { kind: 'password' } }),
    imageVersion: tiny.preparation.version,
    plan: (store, secrets, engineVersion) => {
      const { plan } = tiny.store({ slug: store.slug });
      const password = secrets['databasePassword'] ?? '';
      const release = { ...plan.release, secret: { 'database-password': password } };
      return { ...plan, store, engineVersion, database: plan.database && { password }, release };
    },
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
