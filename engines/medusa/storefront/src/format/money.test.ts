import { describe, expect, it } from 'vitest';
import { money } from './money.ts';

describe('money', () => {
  it('takes major units, as Medusa 2 gives them', () => {
    expect(money(18, 'usd')).toBe('$18.00');
    expect(money(1234.5, 'usd')).toBe('$1,234.50');
  });

  it('follows the currency, not the number of digits given', () => {
    expect(money(1200, 'jpy')).toBe('¥1,200');
    expect(money(9.9, 'eur')).toBe('€9.90');
    expect(money(1.2345, 'kwd').replace(/\s/g, ' ')).toBe('KWD 1.235');
  });
});
