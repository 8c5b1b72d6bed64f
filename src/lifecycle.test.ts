import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createLifecycle } from './lifecycle.ts';

function setUp(limitMs = 5000) {
  const signals = new EventEmitter();
  const exits: number[] = [];
  const done: string[] = [];
  const log = pino({ level: 'silent' });
  const lifecycle = createLifecycle({ log, limitMs, exit: (code) => exits.push(code), signals });
  return { signals, exits, done, lifecycle };
}

describe('the end of the process', () => {
  it('API-12: stops the parts one after another, the last one first, and ends with 0', async () => {
    const { signals, exits, done, lifecycle } = setUp();
    lifecycle.onStop('database', () => done.push('database'));
    lifecycle.onStop('broken', () => {
      throw new Error('no');
    });
    lifecycle.onStop('requests', async () => {
      await sleep(20);
      done.push('requests');
    });
    signals.emit('SIGTERM');
    expect(lifecycle.signal.aborted).toBe(true);
    await expect.poll(() => exits).toEqual([0]);
    expect(done).toEqual(['requests', 'database']);
  });

  it('API-12: is forced when it takes too long', async () => {
    const { signals, exits, lifecycle } = setUp(30);
    lifecycle.onStop('stuck', () => new Promise(() => {}));
    signals.emit('SIGINT');
    await expect.poll(() => exits).toEqual([1]);
  });

  it('a second Ctrl-C forces it, but npm’s echo of the first does not', async () => {
    const { signals, exits, lifecycle } = setUp();
    lifecycle.onStop('endless', () => new Promise(() => undefined));
    signals.emit('SIGINT');
    signals.emit('SIGINT');
    await sleep(550);
    expect(exits).toEqual([]);
    signals.emit('SIGINT');
    expect(exits).toEqual([1]);
  });

  it('waits for a start that is under way, so that nothing half-started is left', async () => {
    const { signals, exits, done, lifecycle } = setUp();
    const start = lifecycle.start(async () => {
      await sleep(50);
      lifecycle.onStop('database', () => done.push('database'));
      lifecycle.signal.throwIfAborted();
    });
    signals.emit('SIGTERM');
    await start;
    await expect.poll(() => exits).toEqual([0]);
    expect(done).toEqual(['database']);
  });

  it('a start that fails stops what it has started and ends with 1', async () => {
    const { exits, done, lifecycle } = setUp();
    await lifecycle.start(async () => {
      lifecycle.onStop('home', () => done.push('home'));
      throw new TypeError('a bug');
    });
    expect([exits, done]).toEqual([[1], ['home']]);
  });

  it('API-12: losing the database or a promise never ends the process; a bug does, in order', async () => {
    const { signals, exits, done, lifecycle } = setUp();
    lifecycle.onStop('stores', () => done.push('stores'));
    signals.emit('unhandledRejection', new Error('nobody looked'));
    signals.emit('uncaughtException', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    signals.emit('uncaughtException', new Error('Connection terminated unexpectedly'));
    await sleep(20);
    expect(exits).toEqual([]);
    signals.emit('uncaughtException', new TypeError('a bug'));
    await expect.poll(() => exits).toEqual([1]);
    expect(done).toEqual(['stores']);
  });
});
