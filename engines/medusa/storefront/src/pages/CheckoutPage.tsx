import { useEffect } from 'react';
import { ApiError } from '../api/request.ts';
import { useCart } from '../cart/CartContext.tsx';
import { CheckoutForm } from '../checkout/CheckoutForm.tsx';
import { useLoad } from '../shop/useLoad.ts';
import { useShop } from '../shop/ShopContext.tsx';
import { Broken } from '../ui/Broken.tsx';
import { EmptyCart } from '../ui/EmptyCart.tsx';
import { PageSkeleton } from '../ui/skeletons.tsx';
import { usePage } from '../ui/usePage.ts';

export function CheckoutPage() {
  const { shop, api, region } = useShop();
  const { status, cart, store } = useCart();
  const countries = useLoad('countries', (signal) => api.countries(region.id, signal));
  usePage('Checkout', shop.name);
  useEffect(() => void store.refresh(), [store]);

  if (status === 'failed' && !cart)
    return <Broken error={new ApiError(0, 'unreachable', '')} retry={() => void store.refresh()} />;
  if (countries.error) return <Broken error={countries.error} retry={countries.retry} />;
  if (status === 'loading') return <PageSkeleton />;
  if (!cart || cart.items.length === 0) return <EmptyCart />;
  if (!countries.data) return <PageSkeleton />;
  return <CheckoutForm cart={cart} countries={countries.data} />;
}
