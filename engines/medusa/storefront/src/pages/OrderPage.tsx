import { Link } from 'wouter';
import type { Order } from '../api/types.ts';
import { isMissing } from '../api/words.ts';
import { useShop } from '../shop/ShopContext.tsx';
import { useLoad } from '../shop/useLoad.ts';
import { AddressLines } from '../ui/AddressLines.tsx';
import { Broken } from '../ui/Broken.tsx';
import { Icon } from '../ui/Icon.tsx';
import { ItemRow } from '../ui/ItemRow.tsx';
import { PageSkeleton } from '../ui/skeletons.tsx';
import { SummaryLines } from '../ui/SummaryLines.tsx';
import { usePage } from '../ui/usePage.ts';
import { NotFoundPage } from './NotFoundPage.tsx';

export function OrderPage({ id }: { id: string }) {
  const { api } = useShop();
  const { data, error, retry } = useLoad(`order ${id}`, (signal) => api.order(id, signal));
  if (isMissing(error)) {
    return (
      <NotFoundPage
        title="We can’t find that order"
        words="Check the address, or use the link you kept after ordering."
      />
    );
  }
  if (error) return <Broken error={error} retry={retry} />;
  if (!data) return <PageSkeleton />;
  return <Confirmation order={data} />;
}

function Confirmation({ order }: { order: Order }) {
  const { shop } = useShop();
  const address = order.shipping_address;
  const name = address?.first_name;
  usePage(`Order #${order.display_id}`, shop.name);
  return (
    <div className="wrap page confirmation">
      <div className="thanks">
        <span className="seal">
          <Icon name="check" />
        </span>
        <h1>{name ? `Thank you, ${name}` : 'Thank you'}</h1>
        <p className="lead">
          Order <strong>#{order.display_id}</strong> is confirmed. You pay in cash when it arrives.
        </p>
      </div>
      <section className="panel" aria-labelledby="ordered">
        <h2 id="ordered">Your order</h2>
        <ul className="items">
          {order.items.map((item) => (
            <ItemRow key={item.id} item={item} currency={order.currency_code} />
          ))}
        </ul>
        <SummaryLines totals={order} deliveryKnown />
      </section>
      <div className="facts">
        <section aria-labelledby="to">
          <h2 id="to">Delivery</h2>
          {address && <AddressLines address={address} />}
          {order.shipping_methods?.[0] && <p className="muted">{order.shipping_methods[0].name}</p>}
        </section>
        <section aria-labelledby="contact">
          <h2 id="contact">Contact</h2>
          <p>{order.email}</p>
          <h2 className="next-fact">Payment</h2>
          <p>Cash on delivery</p>
        </section>
      </div>
      <p className="muted small">Keep this page’s address: it shows your order at any time.</p>
      <Link href="/" className="button quiet">
        Keep shopping
      </Link>
    </div>
  );
}
