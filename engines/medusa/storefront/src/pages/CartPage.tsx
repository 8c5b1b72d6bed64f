import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Cart, LineItem } from '../api/types.ts';
import { ApiError } from '../api/request.ts';
import { inWords } from '../api/words.ts';
import { useCart } from '../cart/CartContext.tsx';
import { subtotal } from '../cart/maths.ts';
import { money } from '../format/money.ts';
import { useShop } from '../shop/ShopContext.tsx';
import { announce } from '../ui/announce.tsx';
import { Broken } from '../ui/Broken.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyCart } from '../ui/EmptyCart.tsx';
import { ItemRow, itemTitle } from '../ui/ItemRow.tsx';
import { Notice } from '../ui/Notice.tsx';
import { PageSkeleton } from '../ui/skeletons.tsx';
import { Stepper } from '../ui/Stepper.tsx';
import { usePage } from '../ui/usePage.ts';

export function CartPage() {
  const { shop } = useShop();
  const { status, cart, store } = useCart();
  usePage('Your cart', shop.name);
  useEffect(() => void store.refresh(), [store]);

  if (status === 'failed' && !cart)
    return <Broken error={new ApiError(0, 'unreachable', '')} retry={() => void store.refresh()} />;
  if (status === 'loading') return <PageSkeleton />;
  if (!cart || cart.items.length === 0) return <EmptyCart />;
  return <FullCart cart={cart} />;
}

function FullCart({ cart }: { cart: Cart }) {
  const { store } = useCart();
  const [, go] = useLocation();
  const [problem, setProblem] = useState<string | null>(null);

  async function change(item: LineItem, quantity: number) {
    setProblem(null);
    try {
      await store.setQuantity(item.id, quantity);
      if (quantity === 0) announce(`${itemTitle(item)} removed`);
    } catch (error) {
      setProblem(inWords(error));
    }
  }

  return (
    <div className="wrap page">
      <h1>Your cart</h1>
      <div className="split">
        <div>
          {problem && <Notice>{problem}</Notice>}
          <ul className="items">
            {cart.items.map((item) => (
              <ItemRow key={item.id} item={item} currency={cart.currency_code} linked>
                <div className="item-actions">
                  <Stepper
                    of={itemTitle(item)}
                    value={item.quantity}
                    onChange={(quantity) => void change(item, quantity)}
                  />
                  <button
                    type="button"
                    className="text-button"
                    aria-label={`Remove ${itemTitle(item)}`}
                    onClick={() => {
                      document.getElementById('main')?.focus(); // this row is about to go
                      void change(item, 0);
                    }}
                  >
                    Remove
                  </button>
                </div>
              </ItemRow>
            ))}
          </ul>
        </div>
        <aside className="panel" aria-label="Subtotal">
          <dl className="sums">
            <div className="strong">
              <dt>Subtotal</dt>
              <dd>{money(subtotal(cart.items), cart.currency_code)}</dd>
            </div>
          </dl>
          <p className="muted small">Delivery is added at the next step. You pay in cash when your order arrives.</p>
          <Button className="wide" onClick={() => go('/checkout')}>
            Checkout
          </Button>
          <Link href="/" className="centered">
            Keep shopping
          </Link>
        </aside>
      </div>
    </div>
  );
}
