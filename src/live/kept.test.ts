import { expect, it } from 'vitest';
import type { FeedEntry } from '../db/order-feed.ts';
import { Kept } from './kept.ts';

const entry = (seq: number, items = 0): FeedEntry => ({
  seq,
  sourceId: 'source',
  at: new Date(),
  change: { quarters: [], orders: items === 0 ? [] : [{ items: Array.from({ length: items }) } as never] },
});
const seqs = (entries: FeedEntry[] | null) => entries?.map(({ seq }) => seq) ?? null;

it('gives what came after a change, also where numbers are left out', () => {
  const kept = new Kept({ keptParts: 100, keptMs: 1000, now: Date.now });
  kept.reset(10);
  expect(seqs(kept.after(10))).toEqual([]);
  kept.add([entry(11), entry(13), entry(14)]);
  expect(seqs(kept.after(10))).toEqual([11, 13, 14]);
  expect(seqs(kept.after(12))).toEqual([13, 14]);
  expect(seqs(kept.after(14))).toEqual([]);
  expect(seqs(kept.after(99))).toEqual([]);
  expect(kept.after(9)).toBeNull();
});

it('keeps so much for so long, and knows what it does not have any more', () => {
  let now = 0;
  const kept = new Kept({ keptParts: 10, keptMs: 1000, now: () => now });
  kept.reset(0);
  kept.add([entry(1, 4), entry(2, 4)]);
  expect(seqs(kept.after(1))).toEqual([2]);
  expect(kept.after(0)).toBeNull(); // both together are 12 parts
  now = 999;
  kept.add([entry(3)]);
  expect(seqs(kept.after(1))).toEqual([2, 3]);
  now = 1000;
  kept.add([entry(4)]);
  expect(kept.after(1)).toBeNull();
  expect(seqs(kept.after(2))).toEqual([3, 4]);
  kept.reset(50);
  expect(kept.after(49)).toBeNull();
  expect(seqs(kept.after(50))).toEqual([]);
});
