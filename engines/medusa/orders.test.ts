import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';

// The application has types of its own, which are checked where it is built.
const load = (name: string): Promise<any> => import(join(import.meta.dirname, 'app/src/orders', `${name}.ts`));
const { minorUnits } = await load('amounts');
const { factsOf } = await load('facts');
const { readPlatform, tell } = await load('message');

describe("Medusa's amounts, in minor units", () => {
  it.each([
    ['19.99', 'usd', 1999],
    ['1.005', 'USD', 101],
    ['0.285', 'EUR', 29],
    ['2.675', 'EUR', 268],
    ['8.1149999999999999999', 'EUR', 811],
    ['23', 'USD', 2300],
    ['1999', 'jpy', 1999],
    ['1999.5', 'JPY', 2000],
    ['1.2345', 'KWD', 1235],
    ['0.5', 'CLF', 5000],
    ['0', 'USD', 0],
    ['-3', 'USD', 0],
    ['90071992547409.91', 'USD', Number.MAX_SAFE_INTEGER],
  ])('trap 11: %s %s are %d', (amount, currency, units) => {
    expect(minorUnits(amount, currency)).toBe(units);
  });

  it('are no other text', () => {
    for (const text of ['', '1e3', 'NaN', '1,5']) expect(() => minorUnits(text, 'USD')).toThrow('no amount');
  });
});

const SEEN = {
  id: 'order_1',
  number: '7',
  currency: 'usd',
  placedAt: new Date('2026-11-21T13:00:00.123Z'),
  cancelled: false,
  captured: '0',
  refunded: '0',
  total: '23.00',
  items: [{ name: 'Stoneware Mug', quantity: 3, price: '6.3333333333333333333' }],
};
const base = {
  storeId: 'store',
  externalId: 'order_1',
  number: '7',
  currency: 'USD',
  placedAt: '2026-11-21T13:00:00.123Z',
};
const items = [{ name: 'Stoneware Mug', quantity: 3, unitPrice: 633 }];

describe('what the platform is told of an order', () => {
  it('is that it was placed', () => {
    expect(factsOf(SEEN, 'store')).toEqual([
      { ...base, event: 'placed', eventId: 'order_1:placed', total: 2300, items },
    ]);
  });

  it('is all that has become of it, each under a name that stays', () => {
    const facts = factsOf({ ...SEEN, cancelled: true, captured: '23', refunded: '4.33' }, 'store');
    expect(facts.slice(1)).toEqual([
      { ...base, event: 'paid', eventId: 'order_1:paid' },
      { ...base, event: 'cancelled', eventId: 'order_1:cancelled' },
      { ...base, event: 'refunded', eventId: 'order_1:refunded:433', refunded: 433 },
    ]);
  });

  it('is not that it is paid as long as something is missing, nor when it cost nothing', () => {
    for (const change of [{ captured: '22.99' }, { total: '0' }])
      expect(factsOf({ ...SEEN, ...change }, 'store')).toHaveLength(1);
  });

  it('fits what the platform takes', () => {
    const item = { name: '😀'.repeat(300), quantity: 0.2, price: '1' };
    const [placed] = factsOf({ ...SEEN, items: Array.from({ length: 120 }, () => item) }, 'store');
    expect(placed.items).toHaveLength(100);
    expect(placed.items[0].quantity).toBe(1);
    expect(placed.items[0].name).toBe('😀'.repeat(127));
    expect(factsOf({ ...SEEN, items: [{ ...item, name: ' ' }] }, 'store')[0].items[0].name).toBe('?');
    expect(factsOf({ ...SEEN, items: [] }, 'store')).toEqual([]);
  });
});

describe('a message to the platform', () => {
  const secret = `whsec_${'0123456789abcdef'.repeat(4)}`;
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function platform(status: number) {
    const heard: { headers: IncomingHttpHeaders; body: string }[] = [];
    server = createServer(async (request, response) => {
      const body = (await request.toArray()).join('');
      heard.push({ headers: request.headers, body });
      response.writeHead(status, { location: '/elsewhere' }).end('{"error":"because"}');
    });
    await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    return { heard, url: `http://127.0.0.1:${port}/api/v1/orders` };
  }

  it('is signed as Standard Webhooks has it', async () => {
    const { heard, url } = await platform(202);
    const facts = factsOf(SEEN, 'store');
    expect(await tell({ url, secret, storeId: 'store' }, facts)).toBeNull();
    const headers = heard[0]?.headers as Record<string, string>;
    expect(new Webhook(secret).verify(heard[0]?.body ?? '', headers)).toEqual({ orders: facts });
    expect(() => new Webhook(secret).verify(`${heard[0]?.body} `, headers)).toThrow();
  });

  it('is over when the platform refuses it, and is tried again after any other answer', async () => {
    const message = async (status: number) => tell({ url: (await platform(status)).url, secret }, []);
    for (const status of [404, 413, 422]) expect(await message(status)).toMatch(`${status} {"error":"because"}`);
    for (const status of [302, 401, 429, 500, 503]) await expect(message(status)).rejects.toThrow(String(status));
    await expect(tell({ url: 'http://127.0.0.1:9/', secret }, [])).rejects.toThrow();
  });

  it('goes nowhere without an address, a secret and the name of the store', () => {
    const whole = { ORDERS_URL: 'http://p/', ORDERS_SECRET: secret, STORE_ID: 'store' };
    expect(readPlatform(whole)).toEqual({ url: 'http://p/', secret, storeId: 'store' });
    for (const name of Object.keys(whole)) expect(readPlatform({ ...whole, [name]: '' })).toBeNull();
  });
});
