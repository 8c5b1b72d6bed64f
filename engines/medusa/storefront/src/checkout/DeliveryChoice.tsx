import { inWords } from '../api/words.ts';
import { money } from '../format/money.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import type { Delivery } from './useDelivery.ts';

export function DeliveryChoice({ delivery, currency }: { delivery: Delivery; currency: string }) {
  return (
    <section aria-labelledby="method">
      <h2 id="method">Shipping</h2>
      <Options delivery={delivery} currency={currency} />
    </section>
  );
}

function Options({
  delivery: { options, chosen, choose, error, retry },
  currency,
}: {
  delivery: Delivery;
  currency: string;
}) {
  if (error) {
    return (
      <Notice>
        <p>{inWords(error)}</p>
        <Button look="quiet" onClick={retry}>
          Try again
        </Button>
      </Notice>
    );
  }
  if (!options) return <div className="method bone-line" aria-hidden="true" />;
  if (options.length === 0) return <Notice>There is no delivery to this country yet.</Notice>;
  return options.map((option) => (
    <label key={option.id} className="method">
      <input
        type="radio"
        name="shipping"
        value={option.id}
        checked={option.id === chosen?.id}
        onChange={() => choose(option.id)}
      />
      <span className="method-name">{option.name}</span>
      <strong>{option.amount === 0 ? 'Free' : option.amount !== null && money(option.amount, currency)}</strong>
    </label>
  ));
}
