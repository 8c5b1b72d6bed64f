import { createHmac, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Answer, Person, TestApi } from './api.ts';

/** A well-formed order for `POST /orders`. */
export function orderOf(storeId: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    storeId,
    externalId: randomUUID(),
    currency: 'USD',
    placedAt: new Date(Date.now() - 1000).toISOString(),
    items: [{ name: 'Flat White', quantity: 2, unitPrice: 450 }],
    ...change,
  };
}

/** A source of orders of somebody's, with its secret. */
export async function makeSource(
  api: TestApi,
  person: Person,
  change: Record<string, unknown> = {},
): Promise<{ id: string; secret: string }> {
  const { body } = await api.as(person, 'POST', '/api/v1/order-sources', { body: { name: 'Till', ...change } });
  return body;
}

/** A body as a source sends it that signs by Standard Webhooks. */
export async function sendSigned(
  api: TestApi,
  secret: string,
  body: unknown,
  { at = new Date(), headers = {} }: { at?: Date; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const text = JSON.stringify(body);
  const id = `msg_${randomUUID()}`;
  const signed = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, text),
  };
  return api.as(null, 'POST', '/api/v1/orders', { body: text, headers: { ...signed, ...headers } });
}

/** A body as WooCommerce sends it. */
export async function sendWebhook(api: TestApi, id: string, secret: string, body: unknown): Promise<Answer> {
  const text = JSON.stringify(body);
  const signature = createHmac('sha256', secret).update(text).digest('base64');
  const headers = { 'content-type': 'application/json', 'x-wc-webhook-signature': signature };
  return api.as(null, 'POST', `/api/v1/order-sources/${id}/woocommerce`, { body: text, headers });
}
