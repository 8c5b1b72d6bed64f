import { describe, expect, it } from 'vitest';
import { AppError, TerminalError } from '../errors.ts';
import { isOwnTrouble, publicText, retryTime } from './outcome.ts';

const well = { db: { ping: async () => undefined } } as unknown as Parameters<typeof isOwnTrouble>[0];
const away = { db: { ping: () => Promise.reject(new Error('away')) } } as unknown as Parameters<typeof isOwnTrouble>[0];

describe('what a failure means', () => {
  it("ORC-4: the control plane's own trouble is no failure of a store", async () => {
    expect(await isOwnTrouble(well, new AppError('DEPENDENCY_UNAVAILABLE', ''))).toBe(true);
    expect(await isOwnTrouble(well, new AppError('OVERLOADED', ''))).toBe(true);
    expect(await isOwnTrouble(away, new Error('connect ECONNREFUSED'))).toBe(true);
  });

  it('anything else is', async () => {
    expect(await isOwnTrouble(well, new Error('connect ECONNREFUSED'))).toBe(false);
    expect(await isOwnTrouble(away, new TerminalError('The disk is full.'))).toBe(false);
  });

  it('ORC-4: waits 1, 2, 4 … 60 seconds', () => {
    expect([1, 2, 3, 6, 7, 20].map((tries) => retryTime(tries, 0).getTime() / 1000)).toEqual([1, 2, 4, 32, 60, 60]);
  });

  it('API-7: shows no paths, and cuts long texts', () => {
    expect(publicText(new Error("ENOENT: no such file, open '/var/lib/store-platform/stores/tea/store.json'"))).toBe(
      "ENOENT: no such file, open '…'",
    );
    expect(publicText(new TerminalError('Put it into /var/lib/assets.'))).toBe('Put it into /var/lib/assets.');
    expect(publicText(new Error('x'.repeat(5000)))).toHaveLength(1000);
    expect(publicText(new Error('http://127.0.0.1:20000/store/carts answered 500'))).toBe(
      'http://127.0.0.1:20000/store/carts answered 500',
    );
  });
});
