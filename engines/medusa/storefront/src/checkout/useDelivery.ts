import { useEffect, useEffectEvent, useState } from 'react';
import type { Cart, ShippingOption } from '../api/types.ts';
import { useCart } from '../cart/CartContext.tsx';
import { useLoad } from '../shop/useLoad.ts';
import { useShop } from '../shop/ShopContext.tsx';
import { hasMethod } from './placeOrder.ts';

export interface Delivery {
  options: ShippingOption[] | undefined;
  chosen: ShippingOption | undefined;
  choose: (id: string) => void;
  /** The cart's total includes the chosen delivery. */
  priced: boolean;
  error: unknown;
  retry: () => void;
}

/** The ways of delivery to a country; the chosen one is put into the cart, so that its total is true. */
export function useDelivery(cart: Cart, country: string): Delivery {
  const { api } = useShop();
  const { store } = useCart();
  const [wish, choose] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);

  const options = useLoad(`delivery ${cart.id} ${country}`, async (signal) => {
    await store.inTurn(() => tellCountry());
    return api.shippingOptions(cart.id, signal);
  });

  async function tellCountry(): Promise<void> {
    const current = store.snapshot().cart?.shipping_address;
    if (current?.country_code === country) return;
    store.keep(await api.updateCart(cart.id, { shipping_address: { country_code: country } }));
  }

  const chosen = options.data?.find((option) => option.id === wish) ?? options.data?.[0];
  const priced = chosen !== undefined && hasMethod(cart, chosen.id);

  const putIntoCart = useEffectEvent((optionId: string) =>
    store.inTurn(async () => {
      const now = store.snapshot().cart;
      if (now && !hasMethod(now, optionId)) store.keep(await api.addShippingMethod(now.id, optionId));
    }),
  );
  // Changes with the option and with each new attempt.
  const task = chosen && !priced ? `${attempt} ${chosen.id}` : null;
  useEffect(() => {
    if (!task) return;
    let current = true;
    putIntoCart(task.slice(task.indexOf(' ') + 1)).catch((failure: unknown) => current && setError(failure));
    return () => {
      current = false;
    };
  }, [task]);

  function retry() {
    setError(null);
    setAttempt(attempt + 1);
    options.retry();
  }

  return { options: options.data, chosen, choose, priced, error: options.error ?? (priced ? null : error), retry };
}
