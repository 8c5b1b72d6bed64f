import { totalsOf, type LiveFigures } from './figures.ts';
import classes from './Live.module.css';
import { amount, currenciesOf, difference } from './money.ts';

/** What today has brought so far, beside yesterday up to the same time. */
export function Headline({ figures: { hours, previous, orderValue } }: { figures: LiveFigures }) {
  const today = totalsOf(hours);
  const currencies = currenciesOf([today.revenue, previous.revenue], orderValue.currency);
  return (
    <dl className={classes.headline}>
      <div className={classes.figure} data-several={currencies.length > 1 || undefined}>
        <dt>Revenue today</dt>
        {currencies.map((currency) => (
          <Compared
            key={currency}
            now={today.revenue[currency] ?? 0}
            before={previous.revenue[currency] ?? 0}
            words={(value) => amount(value, currency)}
          />
        ))}
        {currencies.length === 0 && (
          <dd>
            <span className={classes.large}>–</span>
          </dd>
        )}
      </div>
      <div className={classes.figure}>
        <dt>Orders today</dt>
        <Compared now={today.orders} before={previous.orders} words={(value) => value.toLocaleString('en')} />
      </div>
      <div className={classes.figure} data-part="value">
        <dt>Value of an order</dt>
        <Value name="on average" value={orderValue.mean} currency={orderValue.currency} />
        <Value name="half cost less" value={orderValue.p50} currency={orderValue.currency} />
        <Value name="95% cost less" value={orderValue.p95} currency={orderValue.currency} />
      </div>
    </dl>
  );
}

function Compared({ now, before, words }: { now: number; before: number; words: (value: number) => string }) {
  const { text, direction } = difference(now, before);
  return (
    <dd>
      <span className={classes.large}>{words(now)}</span>
      <span className={classes.difference} data-direction={direction}>
        {text}
      </span>
    </dd>
  );
}

function Value({ name, value, currency }: { name: string; value: number | null; currency: string | null }) {
  return (
    <dd className={classes.value}>
      <b>{value === null || currency === null ? '–' : amount(value, currency)}</b> {name}
    </dd>
  );
}
