import { Title } from '@mantine/core';
import { useId } from 'react';
import { useNow } from '../../ui/use-now.ts';
import { keyOf, type LiveFigures } from './figures.ts';
import classes from './Live.module.css';
import type { LiveOrder } from './messages.ts';
import { amount } from './money.ts';
import type { Sources } from './useSources.ts';
import { itemsInWords, since } from './words.ts';

/** The newest orders, whatever has become of them. One that comes in is marked for a moment. */
export function Recent({ figures: { recent, fresh }, sources }: { figures: LiveFigures; sources: Sources }) {
  const id = useId();
  const now = useNow();
  return (
    <section className={classes.recent} aria-labelledby={id}>
      <div className={classes.head}>
        <Title order={2} size="h4" id={id}>
          Newest orders
        </Title>
      </div>
      <ul className={classes.orders}>
        {recent.map((order) => {
          const key = keyOf(order);
          return <Row key={key} order={order} source={sources?.get(order.storeId)} fresh={fresh.has(key)} now={now} />;
        })}
      </ul>
    </section>
  );
}

interface RowProps {
  order: LiveOrder;
  source: string | undefined;
  fresh: boolean;
  now: number;
}

function Row({ order, source, fresh, now }: RowProps) {
  const { number, externalId, items, placedAt, status } = order;
  const bought = itemsInWords(items);
  return (
    <li className={classes.order} data-fresh={fresh || undefined} data-status={status}>
      <span className={classes.number}>{number ?? externalId}</span>
      <span className={classes.items} title={bought}>
        {bought}
      </span>
      <span className={classes.source}>{source}</span>
      <span className={classes.status} data-status={status}>
        {status}
      </span>
      <span className={classes.amount}>
        <Amount order={order} />
      </span>
      <time className={classes.age} dateTime={placedAt} title={new Date(placedAt).toLocaleString()}>
        {since(placedAt, now)}
      </time>
    </li>
  );
}

/** What it brings; what it would have brought is struck out. */
function Amount({ order: { total, refunded, currency, status } }: { order: LiveOrder }) {
  if (total === null) return '–';
  if (status === 'cancelled') return <del>{amount(total, currency)}</del>;
  if (refunded === 0) return amount(total, currency);
  return (
    <>
      <del>{amount(total, currency)}</del> {amount(total - refunded, currency)}
    </>
  );
}
