import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { LineItem } from '../api/types.ts';
import { lineTotal } from '../cart/maths.ts';
import { money } from '../format/money.ts';
import { Picture } from './Picture.tsx';

export const itemTitle = (item: LineItem): string => item.product_title || item.title;

interface Props {
  item: LineItem;
  currency: string;
  /** In the cart the title leads back to the product. */
  linked?: boolean;
  children?: ReactNode;
}

export function ItemRow({ item, currency, linked = false, children }: Props) {
  const title = itemTitle(item);
  const variant =
    item.variant_title && !/^default/i.test(item.variant_title) && item.variant_title !== title
      ? item.variant_title
      : null;
  return (
    <li className="item">
      <Picture url={item.thumbnail} title={title} first />
      <div className="item-words">
        <div className="item-title">
          {linked && item.product_handle ? <Link href={`/products/${item.product_handle}`}>{title}</Link> : title}
        </div>
        {variant && <div className="muted small">{variant}</div>}
        {children ?? (
          <div className="muted small">
            {item.quantity} × {money(item.unit_price, currency)}
          </div>
        )}
      </div>
      <div className="item-price">{money(lineTotal(item), currency)}</div>
    </li>
  );
}
