import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createRoutes, type Route } from './routes.ts';

const log = pino({ level: 'silent' });
const READY: Route = { storeId: 'a', status: 'ready', step: null, endpoint: { host: '127.0.0.1', port: 20_000 } };

function setUp() {
  const state = { route: READY as Route | null, down: false, loads: 0, now: 0 };
  const load = async () => {
    state.loads += 1;
    if (state.down) throw new Error('no database');
    return state.route;
  };
  return { state, routes: createRoutes(load, log, () => state.now) };
}

describe('routes', () => {
  it('asks once for many page views, and again when the store has changed', async () => {
    const { state, routes } = setUp();
    await Promise.all([routes.resolve('tea'), routes.resolve('tea'), routes.resolve('tea')]);
    expect(state.loads).toBe(1);
    routes.forget('another');
    await routes.resolve('tea');
    expect(state.loads).toBe(1);
    state.route = { ...READY, status: 'deleting' };
    routes.forget('a');
    expect(await routes.resolve('tea')).toMatchObject({ status: 'deleting' });
  });

  it('an unknown name is asked for again as soon as any store has changed: it may be the new one', async () => {
    const { state, routes } = setUp();
    state.route = null;
    expect(await routes.resolve('tea')).toBeNull();
    state.route = READY;
    expect(await routes.resolve('tea')).toBeNull();
    routes.forget('a');
    expect(await routes.resolve('tea')).toEqual(READY);
  });

  it('does not remember an answer that was overtaken by a change', async () => {
    const { state, routes } = setUp();
    const early = routes.resolve('tea');
    routes.forget('a');
    await early;
    state.route = { ...READY, status: 'deleting' };
    expect(await routes.resolve('tea')).toMatchObject({ status: 'deleting' });
  });

  it('a database that is away closes no shop, but nothing is made up for an unknown name', async () => {
    const { state, routes } = setUp();
    await routes.resolve('tea');
    state.down = true;
    state.now = 3_600_000;
    routes.forget();
    expect(await routes.resolve('tea')).toEqual(READY);
    await expect(routes.resolve('other')).rejects.toThrow('no database');
    state.down = false;
    state.now += 2000;
    state.route = null;
    expect(await routes.resolve('tea')).toBeNull();
  });
});
