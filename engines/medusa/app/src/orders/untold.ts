import type { MedusaContainer } from '@medusajs/framework/types';
import { ContainerRegistrationKeys, MathBN } from '@medusajs/framework/utils';
import type { SeenOrder } from './facts';

/** What the platform was last told of each order. Made once, in the template. */
export const TOLD_TABLE = `
  CREATE TABLE IF NOT EXISTS platform_told_order (order_id text PRIMARY KEY, state text NOT NULL)`;

/** An order of which the platform does not know all. `state` changes with everything that it is told. */
export interface Untold {
  id: string;
  state: string;
  number: string;
  currency: string;
  placed_at: Date;
  cancelled: boolean;
  captured: string;
  refunded: string;
}

const MOST_AT_ONCE = 50;

/**
 * Medusa writes what was captured and refunded as transactions of the order, refunds below zero, so what became of an
 * order can be compared in one statement; no event has to arrive for an order to be found.
 */
const UNTOLD = `
  SELECT seen.* FROM (
    SELECT o.*, concat_ws(' ', 'placed', CASE WHEN cancelled THEN 'cancelled' END, captured, refunded) AS state FROM (
      SELECT o.id, o.display_id::text AS number, o.currency_code AS currency, o.created_at AS placed_at,
        (o.status = 'canceled' OR o.canceled_at IS NOT NULL) AS cancelled,
        coalesce(sum(t.amount) FILTER (WHERE t.amount > 0), 0)::text AS captured,
        coalesce(-sum(t.amount) FILTER (WHERE t.amount < 0), 0)::text AS refunded
      FROM "order" o LEFT JOIN order_transaction t ON t.order_id = o.id AND t.deleted_at IS NULL
      WHERE o.deleted_at IS NULL AND NOT o.is_draft_order AND o.status <> 'draft'
      GROUP BY o.id
    ) o
  ) seen LEFT JOIN platform_told_order told ON told.order_id = seen.id
  WHERE told.state IS DISTINCT FROM seen.state
  ORDER BY seen.placed_at LIMIT ${MOST_AT_ONCE}`;

/** Only of an order that is still there: its database may have been put back meanwhile. */
const NOTE = `
  INSERT INTO platform_told_order (order_id, state) SELECT id, ? FROM "order" WHERE id = ?
  ON CONFLICT (order_id) DO UPDATE SET state = excluded.state`;

/** The oldest orders of which the platform does not know all. */
export async function listUntold(container: MedusaContainer): Promise<Untold[]> {
  const { rows } = await container.resolve(ContainerRegistrationKeys.PG_CONNECTION).raw<{ rows: Untold[] }>(UNTOLD);
  return rows;
}

export async function noteTold(container: MedusaContainer, { id, state }: Untold): Promise<void> {
  await container.resolve(ContainerRegistrationKeys.PG_CONNECTION).raw(NOTE, [state, id]);
}

/** The order with what was bought; null when it is gone. Sums of taxes and discounts are Medusa's own. */
export async function seeOrder(container: MedusaContainer, untold: Untold): Promise<SeenOrder | null> {
  const { data } = await container.resolve(ContainerRegistrationKeys.QUERY).graph({
    entity: 'order',
    fields: ['id', 'total', 'credit_line_total', 'items.*', 'items.total'],
    filters: { id: untold.id },
  });
  const [order] = data as unknown as Sums[];
  if (!order) return null;
  return {
    ...untold,
    placedAt: untold.placed_at,
    // A refund beyond what is owed lowers the total by a credit line; the shopper had agreed to pay the whole.
    total: MathBN.add(order.total, order.credit_line_total ?? 0).toFixed(),
    items: (order.items ?? []).map(({ title, product_title, quantity, total }) => ({
      name: product_title || title,
      quantity: MathBN.convert(quantity).toNumber(),
      price: MathBN.div(total, MathBN.max(1, quantity)).toFixed(),
    })),
  };
}

type Amount = Parameters<typeof MathBN.convert>[0];

interface Sums {
  total: Amount;
  credit_line_total?: Amount;
  items?: { title: string; product_title?: string | null; quantity: Amount; total: Amount }[];
}
