import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { TerminalError } from '../errors.ts';
import { withLimit } from './time-limit.ts';

const never = new AbortController().signal;
const heeding = (signal: AbortSignal) => delay(60_000, undefined, { signal });

describe('the time limit of a step', () => {
  it('lets work end in its own way', async () => {
    await expect(withLimit(never, 1000, async () => undefined)).resolves.toBeUndefined();
    await expect(withLimit(never, 1000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('ORC-4: ends work that takes too long, and does not try it again', async () => {
    const late = withLimit(never, 30, heeding);
    await expect(late).rejects.toThrow(TerminalError);
    await expect(late).rejects.toThrow('longer than 0 seconds');
  });

  it('hands an abort on, with its reason', async () => {
    const controller = new AbortController();
    const work = withLimit(controller.signal, 10_000, (signal) =>
      heeding(signal).catch(() => Promise.reject(signal.reason)),
    );
    controller.abort(new Error('it is being deleted'));
    await expect(work).rejects.toThrow('it is being deleted');
    await expect(withLimit(controller.signal, 10_000, heeding)).rejects.toThrow('it is being deleted');
  });

  it('leaves work behind that does not heed it', async () => {
    const controller = new AbortController();
    const work = withLimit(controller.signal, 60_000, () => new Promise(() => undefined));
    controller.abort(new Error('enough'));
    await expect(work).rejects.toThrow('enough');
  }, 10_000);
});
