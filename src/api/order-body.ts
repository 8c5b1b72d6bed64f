import type { z } from 'zod';
import { AppError } from '../errors.ts';
import type { OrderEvent } from '../orders/order.ts';
import { AMOUNT_MAX, OrderBatchBody, OrderBody } from './schemas/orders.ts';

/** A wrong field, as it is named to the sender. */
interface Problem {
  field: string;
  message: string;
}

const PROBLEMS_SHOWN = 100;

/** The events that a body of `POST /orders` tells: `{"orders": […]}`, or one order bare. Throws INVALID_ORDER. */
export function readOrders(body: unknown): OrderEvent[] {
  const isBatch = typeof body === 'object' && body !== null && 'orders' in body;
  const parsed = isBatch ? OrderBatchBody.safeParse(body) : OrderBody.safeParse(body);
  if (!parsed.success) throw invalidOrder(parsed.error.issues.flatMap(problemsOf));
  const orders = 'orders' in parsed.data ? parsed.data.orders : [parsed.data];
  const problems: Problem[] = [];
  const events = orders.map((order, place) => {
    const prefix = isBatch ? `orders.${place}.` : '';
    return toEvent(order, (field, message) => problems.push({ field: prefix + field, message }));
  });
  if (problems.length > 0) throw invalidOrder(problems);
  return events;
}

export function invalidOrder(problems: readonly Problem[]): AppError {
  const words = problems.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return new AppError('INVALID_ORDER', `No order was stored. ${words}`.slice(0, 1000), {
    details: { in: 'body', fields: problems.slice(0, PROBLEMS_SHOWN) },
  });
}

/** What no single field can tell is said to `complain`. */
function toEvent(order: OrderBody, complain: (field: string, message: string) => void): OrderEvent {
  const { storeId, event = 'placed', externalId, items = [] } = order;
  const total = order.total ?? sumOf(items);
  const refunded = order.refunded ?? (event === 'refunded' ? total : null);
  if (event === 'placed' && items.length === 0) complain('items', 'are needed of an order that was placed');
  if (total !== null && total > AMOUNT_MAX) complain('items', `must not cost more than ${AMOUNT_MAX} in all`);
  if (event === 'refunded' && refunded === null)
    complain('refunded', 'is needed where neither total nor items are given');
  if (total !== null && refunded !== null && refunded > total) complain('refunded', 'must not be more than the total');
  return {
    sourceId: storeId.toLowerCase(),
    event,
    eventId: order.eventId ?? `${externalId}:${event}`,
    externalId,
    number: order.number ?? null,
    currency: order.currency,
    placedAt: new Date(order.placedAt),
    total,
    refunded,
    items,
  };
}

/** Null where nothing is said about what was bought. */
function sumOf(items: NonNullable<OrderBody['items']>): number | null {
  if (items.length === 0) return null;
  let sum = 0;
  for (const { quantity, unitPrice } of items) sum += quantity * unitPrice;
  return sum;
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ field: path.join('.') || 'body', message: issue.message }];
  return issue.keys.map((key) => ({
    field: [...path, key.slice(0, 100)].join('.'),
    message: 'is no field of an order',
  }));
}
