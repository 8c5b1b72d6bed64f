import type { Totals } from '../api/types.ts';
import { summarise } from '../cart/maths.ts';
import { money } from '../format/money.ts';

interface Props {
  totals: Totals;
  /** Until a way of delivery is set, neither its price nor the total is known. */
  deliveryKnown: boolean;
}

export function SummaryLines({ totals, deliveryKnown }: Props) {
  const { items, delivery, tax, discount, total } = summarise(totals);
  const show = (amount: number) => money(amount, totals.currency_code);
  return (
    <dl className="sums">
      <Line label="Subtotal" value={show(items)} />
      {discount > 0 && <Line label="Discount" value={`−${show(discount)}`} />}
      <Line label="Delivery" value={!deliveryKnown ? '…' : delivery === 0 ? 'Free' : show(delivery)} />
      {tax > 0 && <Line label="Tax" value={show(tax)} />}
      <Line label="Total" value={deliveryKnown ? show(total) : '…'} strong />
    </dl>
  );
}

function Line({ label, value, strong = false }: { label: string; value: string; strong?: boolean }) {
  return (
    <div className={strong ? 'strong' : undefined}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
