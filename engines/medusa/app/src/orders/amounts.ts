/** How many digits ISO 4217 gives a currency's minor unit, where it is not two. */
const DIGITS = new Map<string, number>([
  ...digits(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...digits(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...digits(4, 'CLF UYW'),
]);

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Medusa counts in major units, as decimal text of any length: "19.99" dollars are 1999 cents, "1999" yen are 1999. Half a
 * unit is rounded up, and no binary fraction is in between. What is below nothing counts as nothing.
 */
export function minorUnits(amount: string, currency: string): number {
  const [, sign, whole = '', fraction = ''] = DECIMAL.exec(amount) ?? [];
  if (sign === undefined) throw new Error(`"${amount}" is no amount of money`);
  if (sign === '-') return 0;
  const kept = DIGITS.get(currency.toUpperCase()) ?? 2;
  const units = BigInt(whole + fraction.slice(0, kept).padEnd(kept, '0'));
  return Number((fraction[kept] ?? '0') >= '5' ? units + 1n : units);
}

function digits(count: number, currencies: string): [string, number][] {
  return currencies.split(' ').map((currency) => [currency, count]);
}
