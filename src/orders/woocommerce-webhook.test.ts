import { describe, expect, it } from 'vitest';
import { fromWooCommerce } from './woocommerce-webhook.ts';

const SOURCE = '11111111-1111-4111-8111-111111111111';
const NOW = new Date('2026-11-21T12:00:00Z');

/** An order as WooCommerce sends it, with much that is none of our business. */
function order(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 727,
    parent_id: 0,
    number: '727',
    order_key: 'wc_order_58d2d042d1d',
    status: 'pending',
    currency: 'USD',
    date_created: '2026-11-21T12:30:02',
    date_created_gmt: '2026-11-21T11:30:02',
    total: '29.35',
    total_tax: '1.35',
    billing: { first_name: 'John', email: 'john.doe@example.com' },
    line_items: [
      { id: 315, name: 'Woo Single #1', quantity: 2, subtotal: '6.00', total: '6.00', price: 3 },
      { id: 316, name: 'Ship Your Idea', quantity: 3, total: '20.00', price: 6.666666666 },
    ],
    refunds: [],
    ...change,
  };
}

const told = (change?: Record<string, unknown>) => fromWooCommerce(order(change), SOURCE, NOW);

describe('ORD-1: webhooks of WooCommerce', () => {
  it('an order becomes an event in minor units, and nothing about the customer is in it', () => {
    expect(told()).toEqual({
      sourceId: SOURCE,
      event: 'placed',
      eventId: '727:placed',
      externalId: '727',
      number: '727',
      currency: 'USD',
      placedAt: new Date('2026-11-21T11:30:02Z'),
      total: 2935,
      refunded: null,
      items: [
        { name: 'Woo Single #1', quantity: 2, unitPrice: 300 },
        { name: 'Ship Your Idea', quantity: 3, unitPrice: 667 },
      ],
    });
  });

  it.each([
    ['pending', 'placed'],
    ['on-hold', 'placed'],
    ['processing', 'paid'],
    ['completed', 'paid'],
    ['cancelled', 'cancelled'],
    ['trash', 'cancelled'],
    ['refunded', 'refunded'],
  ])('%s tells that it is %s', (status, event) => {
    expect(told({ status })).toMatchObject({ event });
  });

  it.each(['checkout-draft', 'auto-draft', 'failed', 'of-some-plugin'])('%s tells nothing', (status) => {
    expect(told({ status })).toBeNull();
  });

  it('a part that was given back is a refund of its amount, and each further one is another event', () => {
    const first = { status: 'completed', refunds: [{ id: 1, reason: '', total: '-5.00' }] };
    expect(told(first)).toMatchObject({ event: 'refunded', refunded: 500, eventId: '727:refunded:500' });
    const second = { ...first, refunds: [{ total: '-5.00' }, { total: '-1.25' }] };
    expect(told(second)).toMatchObject({ refunded: 625, eventId: '727:refunded:625' });
    expect(told({ status: 'refunded' })).toMatchObject({ refunded: 2935 });
  });

  it('a currency without minor units has none', () => {
    const item = { name: 'Tea', quantity: 2, total: '1200.00' };
    expect(told({ currency: 'JPY', total: '1200.00', line_items: [item] })).toMatchObject({
      total: 1200,
      items: [{ name: 'Tea', quantity: 2, unitPrice: 600 }],
    });
  });

  it('a deletion cancels, though nothing but the number is known of it', () => {
    expect(fromWooCommerce({ id: 727 }, SOURCE, NOW)).toMatchObject({
      event: 'cancelled',
      externalId: '727',
      total: null,
      items: [],
    });
  });

  it('a shop whose clock is ahead sells now', () => {
    expect(told({ date_created_gmt: '2026-11-21T12:05:00' })).toMatchObject({ placedAt: NOW });
  });

  it('lines that are no products are left out', () => {
    const lines = [
      { name: 'Deposit', quantity: 0, total: '0' },
      { name: '\u0000', quantity: 1, total: '1' },
    ];
    expect(told({ line_items: lines })).toMatchObject({ items: [] });
  });

  it.each([null, {}, [], { id: 'x' }, order({ total: '-1' }), order({ total: 'free' }), order({ currency: 'ZZZ' })])(
    '%# is no order',
    (body) => {
      expect(fromWooCommerce(body, SOURCE, NOW)).toBe('unreadable');
    },
  );
});
