import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { ApiError } from '../api/request.ts';
import type { Cart } from '../api/types.ts';
import { inWords, isShortage, isUnreachable } from '../api/words.ts';
import { useCart } from '../cart/CartContext.tsx';
import { money } from '../format/money.ts';
import { remember } from '../shop/useLoad.ts';
import { useShop } from '../shop/ShopContext.tsx';
import type { Details } from './details.ts';
import { placeOrder } from './placeOrder.ts';

export interface Placing {
  /** The step under way, null while nothing is. */
  step: number | null;
  problem: string | null;
  explain: (problem: string | null) => void;
  place: (cart: Cart, details: Details, optionId: string | null, seenTotal: number | null) => Promise<void>;
}

/** One order at a time, however often the button is pressed. */
export function usePlaceOrder(): Placing {
  const { api } = useShop();
  const { store } = useCart();
  const [, go] = useLocation();
  const [step, setStep] = useState<number | null>(null);
  const [problem, explain] = useState<string | null>(null);
  const underway = useRef(false);

  async function place(cart: Cart, details: Details, optionId: string | null, seenTotal: number | null) {
    if (underway.current) return;
    underway.current = true;
    explain(null);
    try {
      const outcome = await store.inTurn(() =>
        placeOrder(api, { cartId: cart.id, details, optionId, seenTotal }, setStep),
      );
      if ('repriced' in outcome) {
        store.keep(outcome.repriced);
        explain(
          `For this address the total is ${money(outcome.repriced.total, cart.currency_code)}. If that is fine, place the order again.`,
        );
      } else {
        remember(`order ${outcome.order.id}`, outcome.order);
        go(`/orders/${outcome.order.id}`, { replace: true });
        store.forget();
      }
    } catch (error) {
      explain(whyNot(error));
    } finally {
      underway.current = false;
      setStep(null);
    }
  }

  return { step, problem, explain, place };
}

function whyNot(error: unknown): string {
  if (isShortage(error)) return 'Something in your cart has just sold out. Please look at the quantities in your cart.';
  if (error instanceof ApiError && error.code === 'no_delivery') return error.message;
  if (isUnreachable(error))
    return 'We can’t reach the shop right now. Please press the button again: it never orders twice.';
  return inWords(error);
}
