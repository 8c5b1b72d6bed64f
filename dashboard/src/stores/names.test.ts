import { describe, expect, it } from 'vitest';
import { nameProblem as ruleOfThePlatform } from '../../../src/stores/names.ts';
import { nameProblem } from './names.ts';

const PARTS = [
  '',
  ' ',
  '\t',
  '\u00a0',
  'a',
  'Z',
  '7',
  '-',
  '_',
  '!',
  'é',
  '\u0000',
  '🫖',
  'Tea House',
  'x'.repeat(253),
];

describe('names of stores, as the dashboard judges them', () => {
  it('are refused exactly when the platform refuses them', () => {
    for (const a of PARTS) {
      for (const b of PARTS) {
        for (const c of PARTS) {
          const name = a + b + c;
          const refused = ruleOfThePlatform(name.trim()) !== null;
          expect(nameProblem(name) !== null, JSON.stringify(name)).toBe(refused);
        }
      }
    }
  });

  it.each([
    ['', 'Give your store a name.', false],
    ['ab', 'Use at least 3 characters.', false],
    ['---', 'Use at least one letter or digit.', false],
    ['Café', '“é” can’t be part of a name. Use letters from a to z, digits, spaces, - and _.', true],
    ['Tea 🫖', '“🫖” can’t be part of a name. Use letters from a to z, digits, spaces, - and _.', true],
    [
      'Tea\u200bHouse',
      'An invisible character can’t be part of a name. Use letters from a to z, digits, spaces, - and _.',
      true,
    ],
    ['x'.repeat(256), 'That is 256 characters; a name has at most 255.', true],
  ])('%j is told what is wrong', (name, text, early) => {
    expect(nameProblem(name)).toEqual({ text, early });
  });

  it('says nothing about a good one', () => {
    expect(nameProblem(' Tea House-2_b ')).toBeNull();
  });
});
