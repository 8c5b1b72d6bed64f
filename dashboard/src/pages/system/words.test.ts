import { expect, it } from 'vitest';
import { actionTitle, lasting, partTitle } from './words.ts';

it('says how long something lasts by its largest unit', () => {
  expect([0, 1, 59.9, 60, 7199, 86_400, 200_000].map(lasting)).toEqual([
    '0 seconds',
    '1 second',
    '59 seconds',
    '1 minute',
    '1 hour',
    '1 day',
    '2 days',
  ]);
});

it('has words for what it knows, and readable ones for what it does not', () => {
  expect(actionTitle('store.create')).toBe('Ordered a store');
  expect(actionTitle('domain.take-over')).toBe('Domain take over');
  expect([partTitle('api'), partTitle('mail')]).toEqual(['API', 'Mail']);
});
