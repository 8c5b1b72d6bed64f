import type { Order, OrderStatus, OrderView } from './order.ts';

/** An order as people and scripts see it. */
export function orderView(order: Order): OrderView {
  const { externalId, number, currency, total, refunded, items } = order;
  return {
    storeId: order.sourceId,
    externalId,
    number,
    status: statusOf(order),
    currency,
    total,
    refunded,
    placedAt: order.placedAt.toISOString(),
    items,
  };
}

function statusOf({ cancelled, refunded, paid }: Order): OrderStatus {
  if (cancelled) return 'cancelled';
  if (refunded > 0) return 'refunded';
  return paid ? 'paid' : 'placed';
}
