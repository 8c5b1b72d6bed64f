import { describe, expect, it } from 'vitest';
import type { Store, StoreEvent } from '../../api/types.ts';
import { phasesOf } from './phases.ts';

const at = (step: string | null) =>
  ({ operation: step === null ? null : { type: 'provision', step, startedAt: '' } }) as unknown as Store;
const event = (type: string, metadata: Record<string, unknown> = {}): StoreEvent => ({
  id: Math.random(),
  storeId: '',
  type,
  message: '',
  metadata,
  correlationId: null,
  createdAt: '2026-01-01T00:00:00Z',
});

describe('the phases of a shop in the making', () => {
  it('are done, now or later, with the time of those that are done', () => {
    const done = (step: string, ms: number) => [event('step-started', { step }), event('step-done', { step, ms })];
    const phases = phasesOf(at('health'), [event('created'), ...done('database', 70), ...done('files', 30)]);
    expect(phases.map(({ state, ms }) => [state, ms])).toEqual([
      ['done', 100],
      ['now', null],
      ['later', null],
      ['later', null],
    ]);
  });

  it('speak of the software only where it is waited for', () => {
    expect(phasesOf(at('prepare'), [event('created')])).toHaveLength(5);
    expect(phasesOf(at(null), [event('created')]).map(({ state }) => state)).toEqual([
      'now',
      'later',
      'later',
      'later',
    ]);
  });

  it('buy nothing in a shop that has been open', () => {
    expect(phasesOf(at('process'), [event('created'), event('ready'), event('retry')])).toHaveLength(3);
  });
});
