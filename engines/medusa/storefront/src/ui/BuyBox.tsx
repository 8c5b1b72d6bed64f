import { useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Product, Variant } from '../api/types.ts';
import { inWords } from '../api/words.ts';
import type { Stock } from '../catalogue/stock.ts';
import { useCart } from '../cart/CartContext.tsx';
import { countItems, countOfProduct } from '../cart/maths.ts';
import { plural } from '../format/plural.ts';
import { announce } from './announce.tsx';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { Notice } from './Notice.tsx';
import { Stepper } from './Stepper.tsx';

interface Props {
  product: Product;
  variant: Variant;
  stock: Stock;
}

export function BuyBox({ product, variant, stock }: Props) {
  const { cart, store } = useCart();
  const [quantity, setQuantity] = useState(1);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const underway = useRef(false);
  const inCart = countOfProduct(cart, product.id);

  async function add() {
    if (underway.current) return;
    underway.current = true;
    setBusy(true);
    setProblem(null);
    try {
      await store.add({ variant_id: variant.id, quantity });
      announce(`${product.title} added. Your cart has ${plural(countItems(store.snapshot().cart), 'item')}.`);
      setQuantity(1);
    } catch (error) {
      setProblem(inWords(error));
    } finally {
      underway.current = false;
      setBusy(false);
    }
  }

  if (stock.state === 'out') {
    return (
      <Button className="wide" disabled>
        Sold out
      </Button>
    );
  }
  return (
    <div className="buy">
      <div className="buy-row">
        <Stepper of={product.title} value={quantity} max={stock.available} onChange={setQuantity} />
        <Button className="wide" busy={busy} onClick={add}>
          Add to cart
        </Button>
      </div>
      {problem && <Notice>{problem}</Notice>}
      {inCart > 0 && <InCart count={inCart} />}
    </div>
  );
}

/** The next step lies where the eye is, and next in the tab order. */
function InCart({ count }: { count: number }) {
  const [, go] = useLocation();
  return (
    <div className="in-cart">
      <p>
        <Icon name="check" /> <span>{count} in your cart</span>
      </p>
      <Link href="/cart">View cart</Link>
      <Button look="quiet" onClick={() => go('/checkout')}>
        Checkout
      </Button>
    </div>
  );
}
