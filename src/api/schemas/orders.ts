import { z } from 'zod';
import { OrderViewSchema, SummarySchema } from '../../orders/cache/entry.ts';
import { isCurrency } from '../../orders/money.ts';
import { ORDER_EVENTS } from '../../orders/order.ts';
import { Limit, text, time } from './fields.ts';

export const ORDERS_PER_REQUEST = 1000;
/** By how much a sender's clock may be ahead of ours. */
const CLOCK_MS = 30_000;
const FIRST_DAY = Date.parse('1970-01-01T00:00:00Z');

/** Of a price as of a whole order, in minor units. Sums of some millions of such orders still fit where they are kept. */
export const AMOUNT_MAX = 1_000_000_000_000;
const Amount = z.int().min(0).max(AMOUNT_MAX);

const Item = z.strictObject({
  name: text(1, 255),
  quantity: z.int().min(1).max(1_000_000),
  unitPrice: Amount.meta({ description: 'In minor units of the currency: cents, yen, fils.' }),
});

export const OrderBody = z
  .strictObject({
    storeId: z.uuid().meta({ description: 'A store, or a source of orders that is none.' }),
    event: z.enum(ORDER_EVENTS).optional().meta({ description: 'What is told of the order: `placed` by default.' }),
    eventId: text(1, 255).optional().meta({
      description: 'Unique in the store; what was told once is not told again. `externalId:event` by default.',
    }),
    externalId: text(1, 200).meta({ description: "The order's own id in the store." }),
    number: text(1, 64).optional().meta({ description: 'What people call the order.' }),
    currency: z
      .string()
      .refine(isCurrency, 'must be a currency of ISO 4217, such as USD')
      .meta({ pattern: '^[A-Z]{3}$', example: 'USD' }),
    placedAt: z.iso
      .datetime({ offset: true })
      .refine((at) => Date.parse(at) >= FIRST_DAY, 'must not be before 1970')
      .refine((at) => Date.parse(at) <= Date.now() + CLOCK_MS, 'must not be in the future'),
    items: z.array(Item).max(100).optional().meta({ description: 'At least one for `placed`.' }),
    total: Amount.optional().meta({ description: 'The sum of the items by default.' }),
    refunded: Amount.optional().meta({
      description: 'What was given back so far; of a `refunded` order all by default.',
    }),
  })
  .meta({ id: 'NewOrder', description: 'Something told of an order. It holds nothing about who bought.' });
export type OrderBody = z.infer<typeof OrderBody>;

export const OrderBatchBody = z
  .strictObject({ orders: z.array(OrderBody).min(1).max(ORDERS_PER_REQUEST) })
  .meta({ id: 'NewOrders', description: 'All of them are stored, or none.' });
/** For the document; order-body.ts decides which of the two a body is, so that errors name its fields. */
export const OrdersBody = z.union([OrderBatchBody, OrderBody]);

export const WooCommerceBody = z
  .looseObject({ id: z.int() })
  .meta({ id: 'WooCommerceOrder', description: 'An order as the REST API v3 of WooCommerce shows it.' });

/** What WooCommerce's first question is answered. */
export const PingReply = z.object({ status: z.literal('ok') });

export const AcceptedReply = z
  .object({
    accepted: z.int().meta({ description: 'How many were new.' }),
    duplicates: z.int().meta({ description: 'How many had been told before, or stand in the request twice.' }),
  })
  .meta({ id: 'OrdersAccepted' });

const OrderReply = OrderViewSchema.meta({ id: 'Order' });
export const OrderPageReply = z
  .object({ orders: z.array(OrderReply), nextCursor: z.string().nullable() })
  .meta({ id: 'OrderPage' });
export const SummaryReply = SummarySchema.extend({ recent: z.array(OrderReply) }).meta({
  id: 'OrderSummary',
  description:
    'The figures of one day at one moment. Amounts are in minor units, by currency where there may be several.',
});

const sourceId = z
  .uuid()
  .optional()
  .meta({ description: 'Of one store or source; of all that you may see by default.' });
export const ListOrdersQuery = z.strictObject({
  storeId: sourceId,
  limit: Limit,
  cursor: z.string().max(1000).optional().meta({ description: '`nextCursor` of the page before.' }),
});
export const SummaryQuery = z.strictObject({
  storeId: sourceId,
  date: z.iso
    .date()
    .refine((date) => date >= '1970-01-01', 'must not be before 1970')
    .optional()
    .meta({ description: "A day in the store's time zone; today by default." }),
});

/** A name such as Europe/Paris, as the IANA's list of time zones has it. */
const TimeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be a time zone such as Europe/Paris, or UTC')
  .meta({ example: 'Europe/Paris' });
const SourceName = text(1, 255).refine((name) => name.trim() !== '', 'must not be blank');

export const OrderSourceReply = z
  .object({
    id: z.uuid(),
    name: z.string(),
    timeZone: z.string().meta({ description: 'In which its days and hours are counted.' }),
    storeId: z.uuid().nullable().meta({ description: 'The store that it is; null for a source that is no store.' }),
    createdAt: time,
  })
  .meta({ id: 'OrderSource' });
export const OrderSourcesReply = z.object({ sources: z.array(OrderSourceReply) }).meta({ id: 'OrderSources' });
const Secret = z
  .string()
  .meta({ description: 'For signing, shown once.', example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' });
export const NewOrderSourceReply = OrderSourceReply.extend({ secret: Secret }).meta({ id: 'OrderSourceWithSecret' });
export const OrderSecretReply = z.object({ secret: Secret }).meta({ id: 'OrderSourceSecret' });
export const CreateOrderSourceBody = z
  .strictObject({ name: SourceName, timeZone: TimeZone.optional().meta({ description: 'UTC by default.' }) })
  .meta({ id: 'NewOrderSource' });
export const UpdateOrderSourceBody = z
  .strictObject({ name: SourceName.optional(), timeZone: TimeZone.optional() })
  .refine(({ name, timeZone }) => name !== undefined || timeZone !== undefined, 'must have a name or a timeZone')
  .meta({ id: 'OrderSourcePatch', minProperties: 1 });

export const RebuildReply = z
  .object({ status: z.literal('running') })
  .meta({ id: 'OrdersRebuild', description: 'The figures are being made anew of all that was told.' });
export const DeadBatchesReply = z
  .object({
    batches: z.array(
      z.object({
        id: z.int(),
        orders: z.int(),
        attempts: z.int(),
        receivedAt: time,
        failedAt: time,
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'DeadOrderBatches' });
export const RetriedReply = z
  .object({ retried: z.int().meta({ description: 'How many are tried again.' }) })
  .meta({ id: 'DeadOrderBatchesRetried' });

/** PostgreSQL and JavaScript both know the names of the IANA; offsets such as +01:00 mean different things to them. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format();
    return true;
  } catch {
    return false;
  }
}
