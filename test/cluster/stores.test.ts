import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { version } from '../../src/root.ts';
import { launch, noBrowser, photograph } from '../e2e/browser.ts';
import { KINDS } from '../e2e/kinds/index.ts';
import type { Kind, ShopCredentials } from '../e2e/kinds/kind.ts';
import { until } from '../support/platform.ts';
import { createShop, deleteShop, untilGone, untilReady, type Shop } from '../support/shops.ts';
import { openFront, type Front } from './support/front.ts';
import { get } from './support/kubectl.ts';
import { nextImage } from './support/next-image.ts';
import { installPlatform, STORE_DOMAIN, type ClusterPlatform } from './support/platform.ts';
import { reaches } from './support/reach.ts';

const { ingress, ...cluster } = inject('cluster');
const missing = cluster.missing ?? (ingress === '' ? 'INGRESS_ADDRESS is not set' : null);
const NEXT = `${version}-next`;

interface ClusterShop extends Shop {
  namespace: string;
  engineVersion: string;
  upgradeTo: string | null;
}

/** What the tests of one kind hand on to one another. */
interface Life {
  shop: ClusterShop;
  front: Front;
  credentials: ShopCredentials;
  number: string;
}

describe.skipIf(missing)(`the platform and its stores on a cluster${missing ? ` (${missing})` : ''}`, () => {
  let platform: ClusterPlatform;
  let browser: Browser | null = null;
  const lives = new Map<Kind, Life>();
  const here = KINDS.filter((kind) => kind.missing === null);
  const lifeOf = (kind: Kind): Life => {
    const life = lives.get(kind);
    if (!life) throw new Error(`there is no ${kind.engine} store: see the tests before`);
    return life;
  };
  const ordersOf = (kind: Kind) => kind.countOrders(lifeOf(kind).front.url, lifeOf(kind).credentials);
  const look = async ({ id }: Shop) => (await platform.api<ClusterShop>(`/api/v1/stores/${id}`)).body;

  beforeAll(async () => {
    platform = await installPlatform(ingress);
    if (noBrowser === null) browser = await launch(`--host-resolver-rules=MAP *.${STORE_DOMAIN} ${ingress}`);
  });
  afterAll(async () => {
    await browser?.close();
    for (const { front } of lives.values()) await front.close();
    await platform?.stop();
  });

  describe.each(KINDS.map((kind) => ({ kind, engine: kind.engine, without: kind.missing })))(
    'a $engine store',
    ({ kind, engine, without }) => {
      const because = without ? ` (${without})` : '';

      it.skipIf(without)(`KUB-2: is made, in a namespace that says whose it is${because}`, async () => {
        const id = await createShop(platform, engine, 'Tea House');
        const shop = (await untilReady(platform, id)) as ClusterShop;
        const front = await openFront(ingress, new URL(shop.urls.storefront).host);
        const credentials = (await platform.api(`/api/v1/stores/${id}/credentials`)).body;
        lives.set(kind, { shop, front, credentials, number: '' });
        const { metadata } = await get('namespace', shop.namespace);
        expect(metadata.labels).toMatchObject({
          'app.kubernetes.io/managed-by': 'store-platform',
          'store-platform/store-id': id,
          'store-platform/engine': engine,
          'pod-security.kubernetes.io/enforce': 'restricted',
        });
        expect(await ordersOf(kind), 'orders in a new shop').toBe(0);
      });

      it.skipIf(without ?? noBrowser)(`STO-4, STO-6: sells in a browser, through the Ingress${because}`, async () => {
        const life = lifeOf(kind);
        const page = await browser!.newPage();
        const picture = (place: string) => photograph(page, `cluster-${engine}-${place}`);
        life.number = await kind.buy(page, life.shop.urls.storefront, picture);
        await kind.seeOrder(page, life.credentials, life.number);
        await page.close();
        expect(await ordersOf(kind)).toBe(1);
      });

      it.skipIf(without)(`STO-3, DAY-4: has a timeline and a log${because}`, async () => {
        const { id } = lifeOf(kind).shop;
        const { events } = (await platform.api(`/api/v1/stores/${id}/events?limit=100`)).body;
        const types = events.map(({ type }: { type: string }) => type);
        expect(types).toEqual(expect.arrayContaining(['created', 'proven', 'ready']));
        expect((await platform.api(`/api/v1/stores/${id}/logs?tail=5`)).status).toBe(200);
      });
    },
  );

  it.skipIf(here.length < 2)('KUB-2: a store reaches nothing of another, and what it needs of its own', async () => {
    const [one, other] = here.map((kind) => lifeOf(kind).shop.namespace) as [string, string];
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const api = { namespace: 'default', name: 'kubernetes' };
      expect(await reaches(from, { namespace: from, name: 'shop-database' }), 'its own database').toBe(true);
      expect(await reaches(from, { namespace: to, name: 'shop' }), 'another shop').toBe(false);
      expect(await reaches(from, { namespace: to, name: 'shop-database' }), 'the database of another').toBe(false);
      expect(await reaches(from, api), 'the API of the cluster').toBe(false);
    }
  });

  it.skipIf(here.length === 0)('KUB-7: a newer platform offers its stores an upgrade, and touches none', async () => {
    await platform.upgrade({ image: { tag: await nextImage('platform', version, NEXT) } });
    for (const kind of here) {
      const { upgradeTo, engineVersion } = await look(lifeOf(kind).shop);
      expect(engineVersion).toBe(lifeOf(kind).shop.engineVersion);
      expect(upgradeTo).not.toBeNull();
    }
  });

  describe.each(here.map((kind) => ({ kind, engine: kind.engine })))('a $engine store later', ({ kind, engine }) => {
    it('KUB-7: is upgraded while it sells, with its order', async () => {
      const { shop } = lifeOf(kind);
      const { upgradeTo } = await look(shop);
      if (upgradeTo === null) throw new Error('the new platform offers no upgrade');
      await nextImage(engine, shop.engineVersion, upgradeTo);
      const before = await ordersOf(kind);
      await change(shop, 'upgrade', upgradeTo);
      expect(await ordersOf(kind)).toBe(before);
      await kind.buyByApi(lifeOf(kind).front.url, lifeOf(kind).credentials);
      expect(await ordersOf(kind)).toBe(before + 1);
    });

    it('KUB-7: is rolled back, with its orders', async () => {
      const { shop } = lifeOf(kind);
      const before = await ordersOf(kind);
      await change(shop, 'rollback', shop.engineVersion);
      expect(await ordersOf(kind)).toBe(before);
      // Not of the pods: one of the other version may still be ending.
      const { spec } = await get('deployment', '-n', shop.namespace, 'shop');
      expect(spec.template.spec.containers[0].image).toContain(shop.engineVersion);
    });

    it('KUB-6: is deleted, with namespace and volumes, and its address refuses', async () => {
      const { shop, front } = lifeOf(kind);
      await deleteShop(platform, shop.id);
      await untilGone(platform, shop.id);
      const namespaces = await get('namespaces', '-l', `store-platform/store-id=${shop.id}`);
      expect(namespaces.items).toEqual([]);
      const volumes = await get('persistentvolumes');
      expect(volumes.items.filter(({ spec }: any) => spec.claimRef?.namespace === shop.namespace)).toEqual([]);
      const secrets = await get('secrets', '--all-namespaces');
      expect(secrets.items.filter(({ metadata }: any) => metadata.namespace === shop.namespace)).toEqual([]);
      expect((await fetch(front.url)).status).toBe(404);
    });
  });

  async function change(shop: ClusterShop, order: 'upgrade' | 'rollback', to: string): Promise<void> {
    const answer = await platform.api(`/api/v1/stores/${shop.id}/${order}`, { method: 'POST' });
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
    const done = async () => {
      const { status, errorMessage, engineVersion, operation } = (await look(shop)) as any;
      if (status !== 'ready') throw new Error(`${status}: ${errorMessage}`);
      if (operation !== null) return null;
      expect(engineVersion).toBe(to);
      return true;
    };
    await until(`the ${order} of ${shop.slug}`, done, 240_000);
  }
});
