import { expect, it } from 'vitest';
import type { StoreEvent } from '../../api/types.ts';
import { failedChange } from './version-story.ts';

const story = (...types: string[]) => types.map((type) => ({ type, message: `${type}!` }) as StoreEvent);

it('KUB-7: a change of version that did not work is told until the next one', () => {
  expect(failedChange(story('created', 'ready'))).toBeNull();
  expect(failedChange(story('ready', 'upgrade', 'upgrade-failed', 'step-done'))).toBe('upgrade-failed!');
  expect(failedChange(story('upgrade', 'upgrade-failed', 'upgrade'))).toBeNull();
  expect(failedChange(story('upgrade', 'upgrade-failed', 'upgrade', 'upgraded', 'rolled-back'))).toBeNull();
});
