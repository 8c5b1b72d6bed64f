import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { WebSocket, type ClientOptions } from 'ws';
import { createAuthenticator } from '../../src/auth/authenticator.ts';
import type { Actor, Database } from '../../src/db/database.ts';
import { storeEvents } from '../../src/db/order-events.ts';
import { createLive, type Live } from '../../src/live/live.ts';
import type { LiveOptions } from '../../src/live/options.ts';
import { applyBatches } from '../../src/orders/apply.ts';
import type { OrderEvent } from '../../src/orders/order.ts';
import { readSummary } from '../../src/orders/read-summary.ts';
import type { Summary } from '../../src/orders/summary.ts';
import type { Person, TestApi } from './api.ts';
import { silentLog } from './database.ts';
import { toldOrder } from './told-orders.ts';

/** A message of the live connection; which fields it has depends on its type. */
export interface Message extends Partial<Omit<Summary, 'seq'>> {
  type: string;
  seq: number;
  summary: Summary;
  quarters: { quarter: string; currency: string; orders: number; revenue: number }[];
  orders: Summary['recent'];
}

export interface Viewer {
  socket: WebSocket;
  /** All that has come, but beats. */
  messages: Message[];
  /** The next message that has not been taken yet, of a type if one is given; others are passed over. */
  next(type?: string): Promise<Message>;
  /** Why it was closed. */
  closed: Promise<number>;
  /** What it makes the figures of the day be. */
  totals(): { orders: number; revenue: number };
}

export interface LiveServer {
  live: Live;
  metrics: Registry;
  server: Server;
  /** Connects with a fresh ticket. Rejects with the status when that is refused. */
  view(person: Person, query?: Record<string, string>, options?: ClientOptions): Promise<Viewer>;
  ticket(person: Person): Promise<string>;
  connect(query: Record<string, string>, options?: ClientOptions): Promise<Viewer>;
  close(): Promise<void>;
}

/** The live side alone on a real port; tickets come from the API. */
export async function liveServer(
  api: TestApi,
  options: Partial<LiveOptions> = {},
  config: { ALLOWED_ORIGINS?: string[]; LIVE_CONNECTIONS_PER_USER?: number } = {},
  db: Database = api.db,
): Promise<LiveServer> {
  const metrics = new Registry();
  const authenticator = await createAuthenticator(api.db, silentLog);
  const deps = { ...api.deps, config: { ...api.deps.config, ...config }, db, metrics, authenticator };
  const live = createLive(deps, options);
  const server = createServer().on('upgrade', (request, socket, head) => live.upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const ticket = async (person: Person): Promise<string> => {
    const { body } = await api.as(person, 'POST', '/api/v1/live/tickets');
    return body.ticket;
  };
  const connect = (query: Record<string, string>, clientOptions: ClientOptions = {}) =>
    openViewer(`ws://127.0.0.1:${port}/api/v1/live?${new URLSearchParams(query).toString()}`, clientOptions);
  return {
    live,
    metrics,
    server,
    ticket,
    connect,
    view: async (person, query = {}, clientOptions = {}) =>
      connect({ ticket: await ticket(person), ...query }, clientOptions),
    async close() {
      await live.close();
      await authenticator.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

const nobody = (): void => undefined;

async function openViewer(url: string, options: ClientOptions): Promise<Viewer> {
  const socket = new WebSocket(url, options);
  const messages: Message[] = [];
  let taken = 0;
  let wake = nobody;
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.type !== 'beat') messages.push(message);
    wake();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      resolve(code);
      wake();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => reject(new Refused(response.statusCode ?? 0, JSON.parse(body))));
    });
    socket.on('error', reject);
  });
  return {
    socket,
    messages,
    closed,
    async next(type) {
      for (;;) {
        const message = messages[taken];
        if (message) taken += 1;
        if (message && (type === undefined || message.type === type)) return message;
        if (message) continue;
        if (socket.readyState === WebSocket.CLOSED) throw new Error('It was closed');
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    totals: () => totalsOf(messages),
  };
}

export class Refused extends Error {
  readonly status: number;
  readonly body: any;
  constructor(status: number, body: unknown) {
    super(`Refused with ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** What a client makes of its messages, without the net that ignores numbers it knows: nothing may come twice. */
function totalsOf(messages: readonly Message[]): { orders: number; revenue: number } {
  let [orders, revenue] = [0, 0];
  for (const message of messages) {
    if (message.type === 'snapshot') ({ orders, revenue } = sumOf(message.summary));
    for (const quarter of message.quarters ?? []) {
      orders += quarter.orders;
      revenue += quarter.revenue;
    }
  }
  return { orders, revenue };
}

export function sumOf({ hours }: Summary): { orders: number; revenue: number } {
  return {
    orders: hours.reduce((sum, hour) => sum + hour.orders, 0),
    revenue: hours.reduce((sum, hour) => sum + (hour.revenue['EUR'] ?? 0), 0),
  };
}

export async function currentSummary(db: Database, actor: Actor, sourceId: string | null = null): Promise<Summary> {
  return db.asUser(actor, (tx) => readSummary(tx, { sourceId }, { now: new Date() }));
}

/** One latte for 5.00, placed now, unless said otherwise. */
export function sale(sourceId: string, fields: Partial<OrderEvent> = {}): OrderEvent {
  return toldOrder(sourceId, { total: 500, items: [{ name: 'Latte', quantity: 1, unitPrice: 500 }], ...fields });
}

/** Stores and applies, as ingest and aggregator do. */
export async function sell(db: Database, ...events: OrderEvent[]): Promise<void> {
  await db.asOrchestrator(async (tx) => {
    await storeEvents(tx, events);
    const batches = await tx.selectFrom('orderBatches').select('id').forUpdate().skipLocked().execute();
    await applyBatches(
      tx,
      batches.map(({ id }) => id),
    );
  });
}
