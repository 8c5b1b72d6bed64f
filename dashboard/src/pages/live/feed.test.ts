import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../api/errors.ts';
import { LiveFeed, type Surroundings } from './feed.ts';
import type { DaySummary, LiveMessage } from './messages.ts';

const SUMMARY: DaySummary = {
  asOf: '2026-11-21T12:40:00.000Z',
  date: '2026-11-21',
  timeZone: 'UTC',
  hours: [{ hour: '2026-11-21T12:00:00+00:00', orders: 0, revenue: {} }],
  topProducts: [],
  recent: [],
  orderValue: { currency: null, mean: null, p50: null, p95: null },
  previous: { orders: 0, revenue: {} },
};

const snapshot = (seq: number): LiveMessage => ({ type: 'snapshot', seq, summary: SUMMARY });
const delta = (seq: number): LiveMessage => ({
  type: 'delta',
  seq,
  quarters: [{ quarter: '2026-11-21T12:00:00Z', currency: 'USD', orders: 1, revenue: 400 }],
  orders: [],
});

/** A connection that the test speaks for. */
class FakeSocket extends EventTarget {
  readonly query: URLSearchParams;
  closed = false;

  constructor(query: URLSearchParams) {
    super();
    this.query = query;
  }

  close(): void {
    this.closed = true;
  }

  says(message: LiveMessage): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(message) }));
  }

  ends(code: number): void {
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
}

let sockets: FakeSocket[];
let refusals: Error[];
let network: EventTarget;
let online: boolean;
let feed: LiveFeed;

function around(): Surroundings {
  return {
    async ticket() {
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      return `ticket-${sockets.length + 1}`;
    },
    open(query) {
      const socket = new FakeSocket(query);
      sockets.push(socket);
      return socket;
    },
    online: () => online,
    network,
    random: () => 1,
  };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const newest = () => sockets.at(-1) as FakeSocket;
const connection = () => feed.read().connection;
const orders = () => feed.read().figures?.hours[0]?.orders;

beforeEach(async () => {
  vi.useFakeTimers();
  sockets = [];
  refusals = [];
  network = new EventTarget();
  online = true;
  feed = new LiveFeed('a-store', around());
});
afterEach(() => {
  feed.stop();
  vi.useRealTimers();
});

async function startedAt(seq: number): Promise<void> {
  feed.start();
  await pass(0);
  newest().says(snapshot(seq));
}

describe('the feed of the live page', () => {
  it('connects with a ticket and tells what it is told', async () => {
    const told = vi.fn<() => void>();
    feed.subscribe(told);
    feed.start();
    expect(connection()).toEqual({ state: 'connecting' });
    await pass(0);
    expect(newest().query.toString()).toBe('ticket=ticket-1&storeId=a-store');
    newest().says(snapshot(3));
    newest().says(delta(4));
    expect([connection(), orders()]).toEqual([{ state: 'live' }, 1]);
    told.mockClear();
    newest().says({ type: 'beat' });
    newest().says(delta(4));
    expect(told).not.toHaveBeenCalled();
  });

  it('comes back after the last change that it has seen, and waits ever longer', async () => {
    await startedAt(3);
    newest().says(delta(7));
    for (const [nth, ms] of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].entries()) {
      newest().ends(1006);
      expect(connection()).toEqual({ state: 'waiting', retryAt: new Date(Date.now() + ms) });
      await pass(ms - 1);
      expect(sockets).toHaveLength(nth + 1);
      await pass(1);
      expect(newest().query.get('since')).toBe('7');
    }
    newest().says(delta(8));
    expect([connection(), orders()]).toEqual([{ state: 'live' }, 2]);
    newest().ends(1006);
    await pass(1000);
    expect(newest().query.get('since')).toBe('8');
  });

  it('comes back at once after an hour, and soon when the platform is restarted', async () => {
    await startedAt(3);
    newest().ends(4000);
    await pass(0);
    expect(sockets).toHaveLength(2);
    newest().ends(1001);
    expect(connection()).toEqual({ state: 'waiting', retryAt: new Date(Date.now() + 2000) });
  });

  it('notices a connection that says nothing any more', async () => {
    await startedAt(3);
    await pass(39_000);
    newest().says({ type: 'beat' });
    await pass(39_999);
    expect(connection()).toEqual({ state: 'live' });
    await pass(1);
    expect(connection()).toMatchObject({ state: 'waiting' });
    expect(newest().closed).toBe(true);
    newest().says(delta(4));
    expect(orders()).toBe(0);
  });

  it('pauses while there is no network', async () => {
    await startedAt(3);
    network.dispatchEvent(new Event('offline'));
    expect([connection(), newest().closed]).toEqual([{ state: 'offline' }, true]);
    await pass(600_000);
    expect(sockets).toHaveLength(1);
    network.dispatchEvent(new Event('online'));
    await pass(0);
    expect(newest().query.get('since')).toBe('3');
  });

  it('does not begin without a network', async () => {
    online = false;
    feed.start();
    await pass(60_000);
    expect([connection(), sockets]).toEqual([{ state: 'offline' }, []]);
  });

  it('says why it is refused, and tries again', async () => {
    const error = new Error('Too many requests.');
    refusals = [error];
    feed.start();
    await pass(0);
    expect(connection()).toEqual({ state: 'refused', error, retryAt: new Date(Date.now() + 1000) });
    await pass(1000);
    expect([connection().state, feed.read().failure]).toEqual(['connecting', expect.objectContaining({ error })]);
    newest().says(snapshot(1));
    expect([connection(), feed.read().failure]).toEqual([{ state: 'live' }, null]);
  });

  it('waits as long as the platform asks for', async () => {
    refusals = [new ApiError(429, undefined, '20')];
    feed.start();
    await pass(0);
    expect(connection()).toMatchObject({ state: 'refused', retryAt: new Date(Date.now() + 20_000) });
  });

  it('ends when nobody looks, also while it waits for its ticket', async () => {
    feed.start();
    feed.stop();
    await pass(60_000);
    expect(sockets).toEqual([]);
    await startedAt(1);
    feed.stop();
    newest().ends(1005);
    await pass(60_000);
    expect([sockets.length, newest().closed]).toEqual([1, true]);
  });
});
