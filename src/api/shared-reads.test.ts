import { expect, it } from 'vitest';
import { createSharedReads } from './shared-reads.ts';

it('equal reads at once share one query, and none is older than its question', async () => {
  const reads = createSharedReads<number>();
  const begun: ((value: number) => void)[] = [];
  const ask = () => reads.read('stores', () => new Promise<number>((resolve) => begun.push(resolve)));

  const first = ask();
  const later = [ask(), ask(), ask()];
  expect(begun).toHaveLength(1);
  begun[0]?.(1);
  expect(await first).toBe(1);
  await Promise.resolve();
  expect(begun).toHaveLength(2);
  begun[1]?.(2);
  expect(await Promise.all(later)).toEqual([2, 2, 2]);

  const last = ask();
  expect(begun).toHaveLength(3);
  begun[2]?.(3);
  expect(await last).toBe(3);
});

it('a failed query fails those who asked for it and nobody after', async () => {
  const reads = createSharedReads<number>();
  const failing = reads.read('a', () => Promise.reject(new Error('down')));
  const next = reads.read('a', () => Promise.resolve(1));
  await expect(failing).rejects.toThrow('down');
  expect(await next).toBe(1);
  expect(await reads.read('b', () => Promise.resolve(2))).toBe(2);
});
