import { restartDelay } from './backoff.ts';

/** After so long in health a crash counts as the first again. */
const STEADY_MS = 60_000;
const LOOP = { times: 5, withinMs: 180_000 };

/** What is remembered of a process's ends, to tell an accident from a loop. */
export class Crashes {
  #inARow = 0;
  #times: number[] = [];

  /** Notes one, after so long in health, and returns after how many ms to start again. */
  note(healthyMs: number, now = Date.now()): number {
    this.#inARow = healthyMs > STEADY_MS ? 1 : this.#inARow + 1;
    this.#times = [...this.#times, now].slice(-LOOP.times);
    return restartDelay(this.#inARow);
  }

  /** How often it has fallen within a few minutes, when that is too often; otherwise null. */
  loop(now = Date.now()): number | null {
    const [first = 0] = this.#times;
    return this.#times.length === LOOP.times && now - first < LOOP.withinMs ? LOOP.times : null;
  }
}
