import type { Page } from 'playwright-core';
import type { EngineName } from '../../../src/stores/store.ts';
import type { TestPlatform } from '../../support/platform.ts';

/** What `GET /stores/:id/credentials` answers. */
export interface ShopCredentials {
  admin: { url: string; username: string; password: string };
  api: { publishableKey?: string; applicationPassword?: string };
}

/** Looks at the page when it shows this. */
export type Picture = (name: string) => Promise<void>;

/** How people use one kind of shop: what the suites that run for every kind can't share. */
export interface Kind {
  engine: EngineName;
  /** Why there are none here, or null. */
  missing: string | null;
  /** Buys the first product as a person does. Resolves to the order number that the last page shows. */
  buy(page: Page, storefront: string, picture?: Picture): Promise<string>;
  /** Signs in to the shop's own admin and finds the order there. */
  seeOrder(page: Page, credentials: ShopCredentials, orderNumber: string): Promise<void>;
  /** Orders in the shop, as its API tells its owner. `direct` is the shop's own address. */
  countOrders(direct: string, credentials: ShopCredentials): Promise<number>;
  /** All data and files of the only shop there is, by name, in a form that can be compared. */
  dump(platform: TestPlatform): Promise<Record<string, unknown>>;
  /** A part of the dump that a purchase changes. */
  orders: string;
  /** Buys by the shop's API, as the platform itself does. Resolves to the order number. */
  buyByApi(direct: string, credentials: ShopCredentials): Promise<string>;
  /** As the owner in the shop's admin: the order is paid, and one dollar of it is given back. */
  payAndRefundOne(direct: string, credentials: ShopCredentials, orderNumber: string): Promise<void>;
  cancel(direct: string, credentials: ShopCredentials, orderNumber: string): Promise<void>;
}

/** The shopper's address, typed into the fields of either kind. */
export const SHOPPER = {
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  address: '12 St James Square',
  city: 'London',
  postalCode: 'SW1Y 4LB',
} as const;

/** Asks a shop's API; throws on an answer that is no good one. */
export async function askShop(
  url: string,
  headers: Record<string, string>,
  body?: unknown,
  method = 'POST',
): Promise<any> {
  const answer = await fetch(url, {
    ...(body === undefined ? {} : { method, body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json', ...headers },
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
