import currencies from 'currency-codes';
import { describe, expect, it } from 'vitest';
import { amount, currenciesOf, difference, exponentOf } from './money.ts';

describe('money', () => {
  it('is divided as ISO 4217 says, in every currency that the platform takes', () => {
    const known = currencies.codes().map((code) => [code, currencies.code(code)?.digits ?? 2] as const);
    expect(known.map(([code]) => [code, exponentOf(code)])).toEqual(known);
  });

  it('is written with its sign and all its digits', () => {
    expect(amount(123_450, 'USD')).toBe('$1,234.50');
    expect(amount(1300, 'JPY')).toBe('¥1,300');
    expect(amount(-450, 'EUR')).toBe('-€4.50');
    expect(amount(1500, 'IQD').replaceAll('\u00a0', ' ')).toBe('IQD 1.500');
  });

  it('is shown in all currencies in which there is any, or in the one that is usual', () => {
    expect(currenciesOf([{ USD: 1, EUR: 0 }, { CHF: 2 }], 'EUR')).toEqual(['CHF', 'USD']);
    expect(currenciesOf([{ USD: 1, CHF: 2, EUR: 3 }], 'USD')).toEqual(['USD', 'CHF', 'EUR']);
    expect(currenciesOf([{ USD: 0 }, {}], 'EUR')).toEqual(['EUR']);
    expect(currenciesOf([], null)).toEqual([]);
  });

  it.each([
    [112, 100, '12% more than yesterday by now', 'up'],
    [5, 10, '50% less than yesterday by now', 'down'],
    [1000, 1001, 'as yesterday by now', 'same'],
    [3, 0, 'none yesterday by now', 'same'],
    [0, 0, 'as yesterday by now', 'same'],
    [5000, 1, '499,900% more than yesterday by now', 'up'],
  ])('%d beside %d is %s', (now, before, text, direction) => {
    expect(difference(now, before)).toEqual({ text, direction });
  });
});
