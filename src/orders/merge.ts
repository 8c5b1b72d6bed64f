import type { Order, OrderEvent, OrderEventKind } from './order.ts';

/** Whose word on an order's contents counts most: the event of its placing saw it whole, the others may not have. */
const RANK: Record<OrderEventKind, number> = { placed: 0, paid: 1, refunded: 2, cancelled: 3 };

/**
 * The order after one more event. Commutative and idempotent: any order of arrival and any repetition end in the same
 * order. Returns `before` itself when the event changes nothing.
 */
export function merge(before: Order | null, event: OrderEvent): Order {
  if (!before) return withContentsOf(event, event.refunded ?? 0, event.event === 'paid', event.event === 'cancelled');
  const refunded = Math.max(before.refunded, event.refunded ?? 0);
  const paid = before.paid || event.event === 'paid';
  const cancelled = before.cancelled || event.event === 'cancelled';
  if (isBetter(event, before)) return withContentsOf(event, refunded, paid, cancelled);
  const same = refunded === before.refunded && paid === before.paid && cancelled === before.cancelled;
  return same ? before : { ...before, refunded, paid, cancelled };
}

function withContentsOf(event: OrderEvent, refunded: number, paid: boolean, cancelled: boolean): Order {
  return {
    sourceId: event.sourceId,
    externalId: event.externalId,
    number: event.number,
    currency: event.currency,
    placedAt: event.placedAt,
    total: event.total,
    refunded,
    paid,
    cancelled,
    items: event.items,
    toldBy: event.event,
    toldByEvent: event.eventId,
  };
}

/** A strict order of all events of one order, so that the best of them does not depend on which came first. */
function isBetter(told: OrderEvent, known: Order): boolean {
  if ((told.total === null) !== (known.total === null)) return known.total === null;
  if (told.event !== known.toldBy) return RANK[told.event] < RANK[known.toldBy];
  return told.eventId !== known.toldByEvent && isBefore(told.eventId, known.toldByEvent);
}

/** By bytes, as COLLATE "C" compares: JavaScript's `<` puts emoji before some letters. */
function isBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
