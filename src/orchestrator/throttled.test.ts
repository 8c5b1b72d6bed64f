import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { throttled } from './throttled.ts';

let written: number[];
const write = async (value: number): Promise<void> => void written.push(value);

beforeEach(() => {
  vi.useFakeTimers();
  written = [];
});
afterEach(() => vi.useRealTimers());

it('writes the first at once, then the newest, and never leaves out the last', async () => {
  const report = throttled(1000, write);
  for (const value of [1, 2, 3]) report.next(value);
  await vi.advanceTimersByTimeAsync(500);
  expect(written).toEqual([1]);
  await vi.advanceTimersByTimeAsync(500);
  expect(written).toEqual([1, 3]);
  report.next(4);
  report.next(5);
  await report.end();
  expect(written).toEqual([1, 3, 5]);
});

it('writes at once again after a pause', async () => {
  const report = throttled(1000, write);
  report.next(1);
  await vi.advanceTimersByTimeAsync(5000);
  report.next(2);
  await vi.advanceTimersByTimeAsync(0);
  expect(written).toEqual([1, 2]);
  await report.end();
  expect(vi.getTimerCount()).toBe(0);
});
