import { createContext, useContext, type ReactNode } from 'react';
import { createStoreApi, fetchShop, type StoreApi } from '../api/storeApi.ts';
import { ApiError } from '../api/request.ts';
import type { Region, Shop } from '../api/types.ts';

export interface OpenShop {
  shop: Shop;
  region: Region;
  api: StoreApi;
}

/** Who the shop is and where it sells: asked once a visit. */
export async function openShop(signal: AbortSignal): Promise<OpenShop> {
  const shop = await fetchShop(signal);
  const api = createStoreApi(shop.publishableKey);
  const region = await api.region(signal);
  if (!region) throw new ApiError(404, 'no_region', 'This shop does not sell to any country yet');
  return { shop, region, api };
}

const Context = createContext<OpenShop | null>(null);

export function ShopProvider({ value, children }: { value: OpenShop; children: ReactNode }) {
  return <Context value={value}>{children}</Context>;
}

export function useShop(): OpenShop {
  const shop = useContext(Context);
  if (!shop) throw new Error('useShop outside of ShopProvider');
  return shop;
}
