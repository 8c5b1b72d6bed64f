import { describe, expect, it } from 'vitest';
import { STATUSES, type Status } from './store.ts';
import { currentVersion, isChangingVersion, judgeChange } from './versions.ts';

const store = { status: 'ready' as Status, engineVersion: '2', upgradeFrom: null, previousVersion: '1' };

it('a version is an image on Kubernetes, and what was prepared on this machine', () => {
  const engine = { imageVersion: 'image', preparation: { version: 'prepared' } };
  expect(currentVersion('kubernetes', engine)).toBe('image');
  expect(currentVersion('local', engine)).toBe('prepared');
});

it('only an open store changes its version', () => {
  expect(STATUSES.filter((status) => isChangingVersion({ status, upgradeFrom: '1' }))).toEqual(['ready']);
  expect(isChangingVersion({ status: 'ready', upgradeFrom: null })).toBe(false);
});

describe('KUB-7: a change of version', () => {
  it('leads to the newest, or to the one before', () => {
    expect(judgeChange('upgrade', store, '3')).toEqual({ from: '2', to: '3' });
    expect(judgeChange('rollback', store, '3')).toEqual({ from: '2', to: '1' });
  });

  it.each([
    ['upgrade', store, '2', 'the newest version already'],
    ['rollback', { ...store, previousVersion: null }, '2', 'no other version'],
    ['rollback', { ...store, previousVersion: '2' }, '2', 'that version already'],
    ['upgrade', { ...store, engineVersion: null }, '3', 'not known'],
    ['upgrade', { ...store, upgradeFrom: '1' }, '3', 'already'],
    ['rollback', { ...store, upgradeFrom: '1' }, '3', 'already'],
    ['upgrade', store, null, 'RUNTIME=kubernetes'],
    ['rollback', store, null, 'RUNTIME=kubernetes'],
  ] as const)('%s of %j with %s as the newest is refused: %s', (change, known, newest, words) => {
    expect(judgeChange(change, known, newest)).toEqual({ refusal: expect.stringContaining(words) });
  });

  it.each(STATUSES.filter((status) => status !== 'ready'))('is not for a store that is %s', (status) => {
    expect(judgeChange('upgrade', { ...store, status }, '3')).toEqual({ refusal: expect.stringContaining(status) });
  });
});
