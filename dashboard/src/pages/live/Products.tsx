import { Title } from '@mantine/core';
import { useId } from 'react';
import classes from './Live.module.css';
import type { Product } from './messages.ts';

/** The most sold of today, each beside the first of them. */
export function Products({ products }: { products: readonly Product[] }) {
  const id = useId();
  const most = products[0]?.quantity ?? 1;
  return (
    <section className={classes.products} aria-labelledby={id}>
      <div className={classes.head}>
        <Title order={2} size="h4" id={id}>
          Most sold today
        </Title>
      </div>
      {products.length === 0 && <p className={classes.none}>Nothing sold yet today.</p>}
      <ol className={classes.ranks}>
        {products.map(({ name, quantity }) => (
          <li key={name} className={classes.rank}>
            <span className={classes.product}>{name}</span>
            <span className={classes.quantity}>{quantity.toLocaleString('en')}</span>
            <span className={classes.share} style={{ width: `${(100 * quantity) / most}%` }} />
          </li>
        ))}
      </ol>
    </section>
  );
}
