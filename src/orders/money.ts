import { data } from 'currency-codes';

const EXPONENTS = new Map(data.map(({ code, digits }) => [code, digits]));

/** Whether this is a code of ISO 4217, in capitals. */
export function isCurrency(code: string): boolean {
  return EXPONENTS.has(code);
}

/**
 * `12.50` USD → 1250: an amount as shops write it in whole minor units of its currency, without a step over floating
 * point. Digits beyond the minor unit are rounded, halves away from zero. Null for what is no amount, or too large.
 */
export function minorUnits(amount: string, currency: string): number | null {
  const exponent = EXPONENTS.get(currency);
  const match = /^(-?)(\d{1,15})(?:\.(\d{0,20}))?$/.exec(amount);
  if (exponent === undefined || !match) return null;
  const [, sign, whole = '', fraction = ''] = match;
  const digits = BigInt(whole + fraction.slice(0, exponent).padEnd(exponent, '0'));
  const rounded = fraction.charAt(exponent) >= '5' ? digits + 1n : digits;
  if (rounded > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  return Number(sign === '-' ? -rounded : rounded);
}
