import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startPoller, type Poller } from './poller.ts';

describe('the poller', () => {
  const lines: string[] = [];
  const log = pino(
    { level: 'info' },
    { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) },
  );
  let looks: number[] = [];
  let answer: { found: number; next: Date | null };
  let poller: Poller;

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
    lines.length = 0;
    looks = [];
    answer = { found: 0, next: null };
    const look = async () => (looks.push(Date.now()), answer);
    poller = startPoller({ minMs: 5000, maxMs: 30_000, look, log });
  });
  afterEach(() => {
    poller.stop();
    vi.useRealTimers();
  });

  it('ORC-2: backs off by 1.5 to the maximum while there is nothing to do, and says so', async () => {
    await vi.advanceTimersByTimeAsync(130_000);
    const between = looks.slice(1).map((at, n) => at - (looks[n] ?? 0));
    expect(between).toEqual([7500, 11_250, 16_875, 25_312.5, 30_000, 30_000].map((ms) => expect.closeTo(ms, -0.5)));
    expect(lines).toEqual([
      'Next poll in 7.5s',
      'Next poll in 11.25s',
      'Next poll in 16.875s',
      'Next poll in 25.3125s',
      'Next poll in 30s',
    ]);
  });

  it('ORC-2: returns to the minimum on work', async () => {
    await vi.advanceTimersByTimeAsync(20_000);
    answer = { found: 1, next: null };
    await vi.advanceTimersByTimeAsync(20_000);
    expect(lines.at(-1)).toBe('Next poll in 5s');
    expect(looks.length).toBeGreaterThan(3);
  });

  it('looks when somebody pokes it, once for many pokes', async () => {
    await vi.advanceTimersByTimeAsync(1000);
    looks = [];
    for (let n = 0; n < 10; n += 1) poller.poke();
    await vi.advanceTimersByTimeAsync(100);
    expect(looks).toHaveLength(1);
  });

  it('looks exactly when the next job is due', async () => {
    await vi.advanceTimersByTimeAsync(1000);
    looks = [];
    poller.noLaterThan(new Date(2500));
    answer = { found: 0, next: new Date(3100) };
    await vi.advanceTimersByTimeAsync(1600);
    answer = { found: 0, next: null };
    await vi.advanceTimersByTimeAsync(1400);
    expect(looks).toEqual([2500, 3100]);
  });

  it('goes on after a failure, and ends when it is told to', async () => {
    let fails = true;
    poller.stop();
    const failing = startPoller({
      minMs: 1000,
      maxMs: 1000,
      look: async () => (looks.push(Date.now()), fails ? Promise.reject(new Error('away')) : answer),
      log,
    });
    await vi.advanceTimersByTimeAsync(2500);
    fails = false;
    const before = looks.length;
    await vi.advanceTimersByTimeAsync(2500);
    expect(looks.length).toBeGreaterThan(before);
    failing.stop();
    const after = looks.length;
    await vi.advanceTimersByTimeAsync(5000);
    expect(looks).toHaveLength(after);
  });
});
