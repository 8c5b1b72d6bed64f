import { describe, expect, it } from 'vitest';
import { isCurrency, minorUnits } from './money.ts';

describe('ORD-1: amounts', () => {
  it.each([
    ['12.50', 'USD', 1250],
    ['12.5', 'USD', 1250],
    ['12', 'USD', 1200],
    ['0.29', 'USD', 29],
    ['1.005', 'USD', 101],
    ['1.0049', 'USD', 100],
    ['-3.50', 'EUR', -350],
    ['1200', 'JPY', 1200],
    ['1200.00', 'JPY', 1200],
    ['1200.50', 'JPY', 1201],
    ['1.234', 'BHD', 1234],
    ['90071992547409.91', 'USD', Number.MAX_SAFE_INTEGER],
  ])('%s %s is %i minor units', (amount, currency, minor) => {
    expect(minorUnits(amount, currency)).toBe(minor);
  });

  it.each(['', '.5', '1,5', '1e3', 'NaN', '0x10', ' 1', '90071992547409.92', '9'.repeat(40)])(
    '%j is no amount',
    (amount) => {
      expect(minorUnits(amount, 'USD')).toBeNull();
    },
  );

  it('knows the currencies of ISO 4217 and no others', () => {
    expect(['USD', 'JPY', 'BHD'].map(isCurrency)).toEqual([true, true, true]);
    expect(['usd', 'ZZZ', '', 'constructor'].map(isCurrency)).toEqual([false, false, false, false]);
    expect(minorUnits('1', 'ZZZ')).toBeNull();
  });
});
