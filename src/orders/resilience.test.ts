import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../test/support/database.ts';
import { unavailable } from '../db/failures.ts';
import { AppError } from '../errors.ts';
import { deferred } from '../orchestrator/deferred.ts';
import { createPatience, guardDatabase, guardRedis, type Guard } from './resilience.ts';

const registry = new Registry();
const options = { part: 'test', registry, log: silentLog };
const away = () => Promise.reject(unavailable(new Error('ECONNREFUSED')));

async function failures(guard: Guard, work: () => Promise<unknown>, times: number): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (let n = 0; n < times; n += 1) errors.push(await guard.run(work).catch((error: unknown) => error));
  return errors;
}

const state = async (dependency: string): Promise<number | undefined> => {
  const { values } = (await registry.getSingleMetric('store_platform_circuit_state')?.get()) ?? { values: [] };
  return values.find(({ labels }) => labels['dependency'] === dependency)?.value;
};

describe('a circuit', () => {
  it('opens after five failures in a row, refuses at once, and closes with the first success', async () => {
    const guard = guardDatabase(options);
    expect(await state('database')).toBe(0);
    await failures(guard, away, 4);
    await guard.run(async () => undefined);
    await failures(guard, away, 4);
    expect(guard.isOpen()).toBe(false);
    await failures(guard, away, 1);
    expect(guard.isOpen()).toBe(true);
    expect(await state('database')).toBe(1);

    let asked = 0;
    const [error] = await failures(guard, async () => (asked += 1), 1);
    expect(error).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', status: 503, details: { dependency: 'database' } });
    expect(asked).toBe(0);
    await expect.poll(() => guard.run(async () => 'well').catch(() => null)).toBe('well');
    expect(guard.isOpen()).toBe(false);
    expect(await state('database')).toBe(0);
  });

  it('lets one call through to try, and refuses the others meanwhile', async () => {
    const guard = guardDatabase(options);
    await failures(guard, away, 5);
    const { promise: tried, resolve: answer } = deferred<string>();
    let trial: Promise<string> | null = null;
    let begun = false;
    const begin = (): boolean => {
      trial = guard.run(() => ((begun = true), tried));
      trial.catch(() => undefined);
      return begun;
    };
    await expect.poll(begin).toBe(true);
    expect(await state('database')).toBe(2);
    expect(await failures(guard, async () => 'other', 1)).toMatchObject([{ code: 'DEPENDENCY_UNAVAILABLE' }]);
    answer('well');
    expect(await trial).toBe('well');
    expect(await guard.run(async () => 'other')).toBe('other');
  });

  it('of the database stays closed when a statement is wrong, or the database busy', async () => {
    const guard = guardDatabase(options);
    await failures(guard, () => Promise.reject(new Error('syntax')), 6);
    await failures(guard, () => Promise.reject(new AppError('OVERLOADED', 'busy')), 6);
    expect(guard.isOpen()).toBe(false);
  });

  it('of Redis opens whatever Redis fails at, but not for the database', async () => {
    const guard = guardRedis(options);
    await failures(guard, away, 6);
    expect(guard.isOpen()).toBe(false);
    await failures(guard, () => Promise.reject(new Error('OOM command not allowed')), 5);
    expect(guard.isOpen()).toBe(true);
    expect(await failures(guard, async () => 1, 1)).toMatchObject([{ details: { dependency: 'redis' } }]);
  });
});

describe('patience', () => {
  it('waits longer after each failure, up to three seconds, never twice the same, and begins anew', () => {
    const patience = createPatience();
    const means = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let n = 0; n < 200; n += 1) {
      patience.reset();
      means.forEach((sum, place) => (means[place] = sum + patience.nextMs() / 200));
    }
    expect(means[0]).toBeLessThan(200);
    expect(means.slice(1, 5).every((mean, place) => mean > (means[place] ?? 0))).toBe(true);
    expect(means[7]).toBeLessThanOrEqual(3000);
    patience.reset();
    const first = patience.nextMs();
    patience.reset();
    expect(patience.nextMs()).not.toBe(first);
  });
});
