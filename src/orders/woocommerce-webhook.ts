import { z } from 'zod';
import type { OrderEvent, OrderEventKind, OrderItem } from './order.ts';
import { isCurrency, minorUnits } from './money.ts';

const ITEMS_KEPT = 100;
const QUANTITY_MAX = 1_000_000;

/** What is used of an order as WooCommerce's REST API v3 shows it; all else, and all about people, is not looked at. */
const WebhookOrder = z.object({
  id: z.int().positive(),
  number: z.string().max(64).optional(),
  status: z.string(),
  currency: z.string().refine(isCurrency),
  date_created_gmt: z.iso.datetime({ local: true }),
  total: z.string(),
  line_items: z.array(z.object({ name: z.string(), quantity: z.number(), total: z.string() })),
  refunds: z.array(z.object({ total: z.string() })).default([]),
});
type WebhookOrder = z.infer<typeof WebhookOrder>;

/** What WooCommerce sends when an order was deleted. */
const DeletedOrder = z.strictObject({ id: z.int().positive() });

/** What each of WooCommerce's own states tells; the others (a draft, a payment that failed) tell of no order. */
const TOLD_BY: Readonly<Record<string, OrderEventKind>> = {
  pending: 'placed',
  'on-hold': 'placed',
  processing: 'paid',
  completed: 'paid',
  cancelled: 'cancelled',
  trash: 'cancelled',
  refunded: 'refunded',
};

/**
 * The event that a webhook of topic `order.…` tells: null where it tells nothing that counts, 'unreadable' where it is
 * no order. An order is known by its number in WooCommerce's database, as a deletion tells nothing else.
 */
export function fromWooCommerce(body: unknown, sourceId: string, now: Date): OrderEvent | null | 'unreadable' {
  const deleted = DeletedOrder.safeParse(body);
  if (deleted.success) return deletionOf(deleted.data.id, sourceId, now);
  const { data: order } = WebhookOrder.safeParse(body);
  const total = order && minorUnits(order.total, order.currency);
  if (!order || total === undefined || total === null || total < 0) return 'unreadable';
  const event = kindOf(order);
  if (event === null) return null;
  const refunded = event === 'refunded' ? refundedOf(order, total) : null;
  return {
    sourceId,
    event,
    // What was given back grows, so each amount is an event of its own.
    eventId: refunded === null ? `${order.id}:${event}` : `${order.id}:${event}:${refunded}`,
    externalId: String(order.id),
    number: order.number ? withoutControls(order.number) : null,
    currency: order.currency,
    placedAt: notLater(new Date(`${order.date_created_gmt}Z`), now),
    total,
    refunded,
    items: order.line_items.flatMap((line) => itemOf(line, order.currency)).slice(0, ITEMS_KEPT),
  };
}

function kindOf({ status, refunds }: WebhookOrder): OrderEventKind | null {
  const told = TOLD_BY[status] ?? null;
  return told === 'paid' && refunds.length > 0 ? 'refunded' : told;
}

/** The sum of the refunds, which are written as negative amounts; where none are listed, all of it. */
function refundedOf({ refunds, currency }: WebhookOrder, total: number): number {
  if (refunds.length === 0) return total;
  const sum = refunds.reduce((before, refund) => before + Math.abs(minorUnits(refund.total, currency) ?? 0), 0);
  return Math.min(sum, total);
}

function itemOf({ name, quantity, total }: WebhookOrder['line_items'][number], currency: string): OrderItem[] {
  const words = withoutControls(name.slice(0, 255));
  const pieces = Math.round(quantity);
  const sum = minorUnits(total, currency);
  if (words === '' || pieces < 1 || pieces > QUANTITY_MAX || sum === null || sum < 0) return [];
  return [{ name: words, quantity: pieces, unitPrice: Math.floor((2 * sum + pieces) / (2 * pieces)) }];
}

/** Says only that the order is gone; what it was is told by its other events, if there were any. */
function deletionOf(id: number, sourceId: string, now: Date): OrderEvent {
  return {
    sourceId,
    event: 'cancelled',
    eventId: `${id}:cancelled`,
    externalId: String(id),
    number: null,
    currency: 'XXX', // ISO 4217: no currency
    placedAt: now,
    total: null,
    refunded: null,
    items: [],
  };
}

/** A shop's clock may be ahead of ours; nothing is sold in the future. */
function notLater(time: Date, now: Date): Date {
  return time > now ? now : time;
}

/** Nor halves of characters: the database takes neither. */
function withoutControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Surrogate}]/gu, '');
}
