import { describe, expect, it } from 'vitest';
import { allowed, next, type Trigger } from './status.ts';
import { STATUSES, type Status } from './store.ts';

const TRIGGERS: Trigger[] = ['proven', 'failed', 'retry', 'recovered', 'upgrade', 'rollback', 'delete'];

describe('the table of status changes', () => {
  it.each([
    ['provisioning', 'proven', 'ready'],
    ['provisioning', 'failed', 'failed'],
    ['ready', 'failed', 'failed'],
    ['ready', 'upgrade', 'ready'],
    ['ready', 'rollback', 'ready'],
    ['failed', 'retry', 'provisioning'],
    ['failed', 'recovered', 'ready'],
  ] as [Status, Trigger, Status][])('%s, %s → %s', (from, trigger, to) => {
    expect(next(from, trigger)).toBe(to);
  });

  it('STO-5: every store can be deleted, and a deletion is never taken back', () => {
    for (const status of STATUSES) expect(next(status, 'delete')).toBe('deleting');
    expect(allowed('deleting')).toEqual(['delete']);
  });

  it('allows what leads somewhere, and nothing else', () => {
    for (const status of STATUSES) {
      expect(allowed(status)).toEqual(TRIGGERS.filter((trigger) => next(status, trigger) !== null));
    }
    expect(next('ready', 'retry')).toBeNull();
  });
});
