import { createHmac, randomUUID } from 'node:crypto';
import type { Fact } from './facts';

/** Where the platform is told of orders, and what signs it. */
export interface Platform {
  url: string;
  secret: string;
  storeId: string;
}

const PREFIX = 'whsec_';
const TIMEOUT_MS = 10_000;

/** Answers that are the same however often one asks: the platform does not take this order. */
const REFUSALS = new Set([404, 413, 422]);

/** Null where nobody wants to hear of orders. */
export function readPlatform({ ORDERS_URL: url, ORDERS_SECRET: secret, STORE_ID: storeId }: NodeJS.ProcessEnv) {
  return url && secret && storeId ? ({ url, secret, storeId } satisfies Platform) : null;
}

/** Resolves to null once the platform has the facts, or to why it does not want them. Rejects when it is to be asked again. */
export async function tell({ url, secret }: Platform, facts: readonly Fact[]): Promise<string | null> {
  const body = JSON.stringify({ orders: facts });
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signature(secret, body, new Date()) },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await answer.text();
  if (answer.ok) return null;
  const reason = `${answer.status} ${text.slice(0, 500)}`;
  if (REFUSALS.has(answer.status)) return reason;
  throw new Error(`the platform answered ${reason}`);
}

/** The headers of Standard Webhooks. */
export function signature(secret: string, body: string, now: Date): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}
