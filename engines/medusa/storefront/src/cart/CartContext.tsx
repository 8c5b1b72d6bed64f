import { createContext, useContext, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { guessCountry } from '../checkout/countries.ts';
import { useShop } from '../shop/ShopContext.tsx';
import { storage } from '../shop/storage.ts';
import { CART_KEY, CartStore, type CartState } from './cartStore.ts';

const Context = createContext<CartStore | null>(null);

export function CartProvider({ children }: { children: ReactNode }) {
  const { api, region } = useShop();
  const store = useMemo(
    () => new CartStore({ api, regionId: region.id, country: guessCountry(navigator.languages), storage }),
    [api, region.id],
  );
  useEffect(() => {
    void store.refresh();
    // Another tab began, finished or replaced the cart.
    const onStorage = (event: StorageEvent) => {
      if (event.key === CART_KEY || event.key === null) void store.refresh();
    };
    addEventListener('storage', onStorage);
    return () => removeEventListener('storage', onStorage);
  }, [store]);
  return <Context value={store}>{children}</Context>;
}

export function useCart(): CartState & { store: CartStore } {
  const store = useContext(Context);
  if (!store) throw new Error('useCart outside of CartProvider');
  return { ...useSyncExternalStore(store.subscribe, store.snapshot), store };
}
