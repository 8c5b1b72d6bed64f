import type { Cart } from '../api/types.ts';
import { money } from '../format/money.ts';
import { Button } from '../ui/Button.tsx';
import { ItemRow } from '../ui/ItemRow.tsx';
import { Notice } from '../ui/Notice.tsx';
import { SummaryLines } from '../ui/SummaryLines.tsx';
import { STEPS } from './placeOrder.ts';

interface Props {
  cart: Cart;
  priced: boolean;
  step: number | null;
  problem: string | null;
}

/** What is bought, what it comes to, and the button that orders it. */
export function OrderPanel({ cart, priced, step, problem }: Props) {
  return (
    <aside className="panel" aria-labelledby="summary">
      <h2 id="summary">Your order</h2>
      <ul className="items">
        {cart.items.map((item) => (
          <ItemRow key={item.id} item={item} currency={cart.currency_code} />
        ))}
      </ul>
      <SummaryLines totals={cart} deliveryKnown={priced} />
      {problem && <Notice>{problem}</Notice>}
      <Button type="submit" className="wide" busy={step !== null}>
        {step === null ? 'Place order' : `${STEPS[step]}…`}
      </Button>
      <p className="muted small centered" role="status">
        {step !== null && `Step ${step + 1} of ${STEPS.length}: ${STEPS[step]}`}
        {step === null && priced && `You pay ${money(cart.total, cart.currency_code)} in cash on delivery.`}
      </p>
    </aside>
  );
}
