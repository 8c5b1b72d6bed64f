import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Link } from 'wouter';
import type { Cart, Country } from '../api/types.ts';
import { plural } from '../format/plural.ts';
import { announce } from '../ui/announce.tsx';
import { Icon } from '../ui/Icon.tsx';
import { AddressFields } from './AddressFields.tsx';
import { chooseCountry, guessCountry } from './countries.ts';
import { DeliveryChoice } from './DeliveryChoice.tsx';
import { FIELDS, findProblems, readDetails, type FieldName, type Problems } from './details.ts';
import { OrderPanel } from './OrderPanel.tsx';
import { useDelivery } from './useDelivery.ts';
import { NO_DELIVERY } from './placeOrder.ts';
import { usePlaceOrder } from './usePlaceOrder.ts';

export function CheckoutForm({ cart, countries }: { cart: Cart; countries: Country[] }) {
  const form = useRef<HTMLFormElement>(null);
  const [country, setCountry] = useState(() =>
    chooseCountry(countries, cart.shipping_address?.country_code, guessCountry(navigator.languages)),
  );
  const [problems, setProblems] = useState<Problems>({});
  const delivery = useDelivery(cart, country);
  const { step, problem, explain, place } = usePlaceOrder();
  const seenTotal = useRef<number | null>(null);
  useEffect(() => {
    if (delivery.priced) seenTotal.current = cart.total;
  }, [delivery.priced, cart.total]);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (step !== null) return;
    const details = readDetails(new FormData(event.currentTarget));
    const found = findProblems(details);
    setProblems(found);
    const first = FIELDS.find((name) => found[name]);
    if (first) return pointAt(first, Object.keys(found).length);
    if (delivery.options?.length === 0) return explain(NO_DELIVERY);
    void place(cart, details, delivery.chosen?.id ?? null, seenTotal.current);
  }

  function pointAt(name: FieldName, count: number) {
    announce(`${plural(count, 'field needs', 'fields need')} your attention`);
    form.current?.querySelector<HTMLElement>(`#${name}`)?.focus();
  }

  /** What has been put right stops being marked; nothing new is marked while typing. */
  function recheck() {
    if (!form.current || Object.keys(problems).length === 0) return;
    const left = findProblems(readDetails(new FormData(form.current)));
    setProblems(Object.fromEntries(Object.entries(left).filter(([name]) => name in problems)));
  }

  return (
    <form ref={form} className="wrap page" noValidate onSubmit={submit} onChange={recheck}>
      <Link href="/cart" className="back">
        <Icon name="back" /> Cart
      </Link>
      <h1>Checkout</h1>
      <div className="split">
        <div className="sections">
          <AddressFields
            cart={cart}
            countries={countries}
            country={country}
            onCountry={setCountry}
            problems={problems}
          />
          <DeliveryChoice delivery={delivery} currency={cart.currency_code} />
          <PaymentSection />
        </div>
        <OrderPanel cart={cart} priced={delivery.priced} step={step} problem={problem} />
      </div>
    </form>
  );
}

function PaymentSection() {
  return (
    <section aria-labelledby="payment">
      <h2 id="payment">Payment</h2>
      <div className="method">
        <Icon name="cash" />
        <div>
          <strong>Cash on delivery</strong>
          <div className="muted small">Pay when your order arrives. Nothing is charged now.</div>
        </div>
      </div>
    </section>
  );
}
