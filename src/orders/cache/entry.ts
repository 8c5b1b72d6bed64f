import { z } from 'zod';
import { ORDER_EVENTS } from '../order.ts';
import type { Summary } from '../summary.ts';

/** Rises with every change of what an entry holds or means: entries of other versions are as good as none. */
const VERSION = 1;

const time = z.iso.datetime({ offset: true });
const count = z.int();
const Money = z.record(z.string(), z.int());

export const OrderViewSchema = z.strictObject({
  storeId: z.uuid(),
  externalId: z.string(),
  number: z.string().nullable(),
  status: z.enum(ORDER_EVENTS),
  currency: z.string(),
  total: count.nullable(),
  refunded: count,
  placedAt: time,
  items: z.array(z.strictObject({ name: z.string(), quantity: count, unitPrice: count })),
});

export const SummarySchema = z.strictObject({
  asOf: time,
  date: z.iso.date(),
  timeZone: z.string(),
  hours: z.array(z.strictObject({ hour: time, orders: count, revenue: Money })),
  topProducts: z.array(z.strictObject({ name: z.string(), quantity: count })),
  recent: z.array(OrderViewSchema),
  orderValue: z.strictObject({
    currency: z.string().nullable(),
    mean: z.number().nullable(),
    p50: z.number().nullable(),
    p95: z.number().nullable(),
  }),
  previous: z.strictObject({ orders: count, revenue: Money }),
  seq: count,
});

const EntrySchema = z.strictObject({
  version: z.literal(VERSION),
  /** The key it was made for: a store of entries that mixes them up is found out. */
  key: z.string(),
  /** What the figures were made of (headsOf): they hold as long as it is the same. */
  heads: z.string(),
  /** The day it was in the summary's zone when it was made: what "the day before" means moves with it. */
  madeOn: z.iso.date(),
  expiresAt: z.int(),
  summary: SummarySchema,
});

export interface Entry extends Omit<z.infer<typeof EntrySchema>, 'version' | 'summary'> {
  summary: Summary;
}

export function writeEntry(entry: Entry): string {
  return JSON.stringify({ version: VERSION, ...entry });
}

/** Null for everything that is not a whole entry of this version. */
export function readEntry(text: string): Entry | null {
  try {
    return EntrySchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
