import { describe, expect, it } from 'vitest';
import { allowed as platformAllows, type Trigger } from '../../../src/stores/status.ts';
import { STATUSES } from '../../../src/stores/store.ts';
import { allowed, isAllowed } from './actions.ts';

const PLATFORMS_OWN = new Set<Trigger>(['proven', 'failed', 'recovered']);

describe('what the dashboard enables', () => {
  it.each(STATUSES)('is what the platform allows people to do to a store that is %s', (status) => {
    const ofPeople = platformAllows(status).filter((trigger) => !PLATFORMS_OWN.has(trigger));
    expect([...allowed(status)].toSorted()).toEqual(ofPeople.toSorted());
  });

  it('is asked one action at a time', () => {
    expect(isAllowed('failed', 'retry')).toBe(true);
    expect(isAllowed('ready', 'retry')).toBe(false);
  });
});
