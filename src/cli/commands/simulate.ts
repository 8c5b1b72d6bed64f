import { setTimeout as sleep } from 'node:timers/promises';
import { SHOPS, type Shop, type ShopKind } from '../../simulator/coffee-shop.ts';
import { simulatedDay } from '../../simulator/day.ts';
import type { ToldOrder } from '../../simulator/orders.ts';
import { simulatedStream } from '../../simulator/stream.ts';
import { dayAfter, dayOf } from '../../simulator/zone.ts';
import { answer, type Api } from '../client.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { createOrderSender, type OrderSender } from '../order-sender.ts';
import { startTicker } from '../ticker.ts';
import { fields } from '../output.ts';

export interface SimulateOptions {
  shop: ShopKind;
  /** Orders a second on average. */
  rate: number;
  seconds?: number;
  orders?: number;
  day?: string;
  history: boolean;
}

interface Source {
  id: string;
  name: string;
  timeZone: string;
}

/** What is due is sent together, this often. */
const BATCH_MS = 100;
const MOST_AT_ONCE = 500;
/** A day of the past has as many orders as this many seconds of the rate would bring, within these bounds. */
const SECONDS_A_DAY = 100;
const [LEAST_A_DAY, MOST_A_DAY] = [400, 5000];

/**
 * `simulate --shop coffee --rate 50`: a shop of its own that sells, at first what it sold yesterday and today, so that
 * there is something to compare with, then live until it is stopped. With `--day` that day alone.
 */
export async function simulate(context: Context, options: SimulateOptions): Promise<void> {
  const { api, output, settings } = context;
  const shop = SHOPS[options.shop];
  const source = await findOrMakeSource(api, shop);
  const days = daysToTell(options, source);
  const stopped = stopOnInterrupt();
  const sender = createOrderSender(api, stopped.signal);
  const ticker = startTicker(output, () => progressOf(sender));
  let [history, live, begun] = [0, 0, Date.now()];
  try {
    const past = days.map((day) => dayOfShop(shop, source, day, options));
    history = past.reduce((sum, orders) => sum + countOrders(orders), 0);
    await sendAll(sender, past.flat(), stopped.signal);
    if (options.day === undefined) {
      output.note(`${source.name} is selling. Watch it at ${settings.url.replace('//127.0.0.1', '//localhost')}/live`);
      begun = Date.now();
      live = await sell(sender, shop, source, options, countOrders(past.at(-1) ?? []), stopped.signal);
    }
    await sender.finish();
  } finally {
    stopped.end();
    ticker.stop();
  }
  const seconds = Math.round((Date.now() - begun) / 100) / 10;
  const end = { source: { id: source.id, name: source.name }, history, live, ...sender.delivery(), seconds };
  output.document(end, () => summary(end));
}

/** The days that are told before it sells live, or the one that was asked for. */
function daysToTell({ day, history }: SimulateOptions, { timeZone }: Source): string[] {
  const today = dayOf(new Date(), timeZone);
  if (day === undefined) return history ? [dayAfter(today, -1), today] : [];
  if (day > today) throw new CliError(`--day: ${day} has not begun yet; today is ${today} in ${timeZone}.`, 2);
  return [day];
}

function dayOfShop(shop: Shop, { id, timeZone }: Source, day: string, { rate, orders, day: alone }: SimulateOptions) {
  const usual = Math.min(Math.max(rate * SECONDS_A_DAY, LEAST_A_DAY), MOST_A_DAY);
  const amount = alone === undefined ? usual : (orders ?? usual);
  return simulatedDay(shop, { storeId: id, day, timeZone, orders: amount, until: new Date() });
}

async function sendAll(sender: OrderSender, orders: readonly ToldOrder[], signal: AbortSignal): Promise<void> {
  for (let at = 0; at < orders.length && !signal.aborted; at += MOST_AT_ONCE) {
    await sender.send(orders.slice(at, at + MOST_AT_ONCE));
  }
  await sender.finish();
}

/** Sells until it is stopped, has sold enough, or the time is over; returns how many orders were placed. */
async function sell(
  sender: OrderSender,
  shop: Shop,
  { id }: Source,
  { rate, orders, seconds }: SimulateOptions,
  lastNumber: number,
  signal: AbortSignal,
): Promise<number> {
  const from = Date.now();
  const run = `live-${from.toString(36)}`;
  const limit = orders === undefined ? {} : { orders };
  const end = seconds === undefined ? Infinity : from + seconds * 1000;
  const stream = simulatedStream(shop, { storeId: id, rate, from, run, lastNumber, ...limit });
  for (;;) {
    const due = stream.until(Date.now(), MOST_AT_ONCE);
    if (due.length > 0) await sender.send(due);
    if (signal.aborted || stream.placed() === orders || Date.now() >= end) break;
    // What could not be sent in time is sent at once.
    const wait = due.length === MOST_AT_ONCE ? 0 : Math.max(BATCH_MS, Math.min(stream.nextAt(), end) - Date.now());
    await sleep(wait, undefined, { signal }).catch(() => undefined);
  }
  return stream.placed();
}

/** The same source again, so that one shop grows and not ten appear. */
async function findOrMakeSource({ client }: Api, { name }: Shop): Promise<Source> {
  const { sources } = await answer(client.GET('/api/v1/order-sources'));
  const known = sources.find((source) => source.name === name && source.storeId === null);
  if (known) return known;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return answer(client.POST('/api/v1/order-sources', { body: { name, timeZone } }));
}

/** Ctrl-C ends it in order; a second one at once. */
function stopOnInterrupt(): { signal: AbortSignal; end: () => void } {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  return { signal: stop.signal, end: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal) };
}

const countOrders = (told: readonly ToldOrder[]): number => new Set(told.map(({ externalId }) => externalId)).size;

function progressOf(sender: OrderSender): string {
  const { accepted, duplicates, open, resent } = sender.delivery();
  const known = duplicates > 0 ? `, ${duplicates} known before` : '';
  const waiting = open > 0 ? `, ${open} under way` : '';
  return `${accepted} stored${known}${waiting}${resent > 0 ? `, ${resent} sent again` : ''}`;
}

interface End {
  source: { id: string; name: string };
  history: number;
  live: number;
  accepted: number;
  duplicates: number;
  resent: number;
  open: number;
  seconds: number;
}

function summary({ source, history, live, accepted, duplicates, resent, open, seconds }: End): string {
  return fields([
    ['Source', `${source.name} (${source.id})`],
    ['Past orders', history === 0 ? null : String(history)],
    ['Live orders', live === 0 ? null : `${live} in ${seconds} s`],
    ['Stored', `${accepted} events${duplicates > 0 ? `, and ${duplicates} known before` : ''}`],
    ['Sent again', resent === 0 ? null : String(resent)],
    ['Not confirmed', open === 0 ? null : String(open)],
  ]);
}
