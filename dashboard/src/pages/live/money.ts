import type { Money } from './messages.ts';

/** Currencies whose minor unit is no hundredth (ISO 4217). Browsers follow the habits of people, not the standard. */
const EXPONENTS: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XAG XAU XBA XBB XBC XBD XDR XOF XPD XPF XPT XSU XTS XUA XXX',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};
const EXPONENT_OF = new Map(
  Object.entries(EXPONENTS).flatMap(([exponent, codes]) => codes.split(' ').map((code) => [code, Number(exponent)])),
);

export const exponentOf = (currency: string): number => EXPONENT_OF.get(currency) ?? 2;

/** An amount in minor units, in words: `$12.50`, `¥1,300`. */
export function amount(minor: number, currency: string): string {
  const digits = exponentOf(currency);
  return formatOf(currency).format(minor / 10 ** digits);
}

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  const digits = exponentOf(currency);
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const made = new Intl.NumberFormat('en', { style: 'currency', currency, ...fraction });
  formats.set(currency, made);
  return made;
}

/** The currencies in which there is anything, the usual one first; it alone where there is nothing. */
export function currenciesOf(sums: readonly Money[], usual: string | null): string[] {
  const found = new Set(sums.flatMap((sum) => Object.keys(sum).filter((currency) => sum[currency] !== 0)));
  const others = [...found].filter((currency) => currency !== usual).toSorted();
  const first = usual !== null && (found.has(usual) || found.size === 0) ? [usual] : [];
  return [...first, ...others];
}

/** `now` beside what it was yesterday at this time, such as "12% more than yesterday by now". */
export function difference(now: number, before: number): { text: string; direction: 'up' | 'down' | 'same' } {
  if (before <= 0) return { text: now > 0 ? 'none yesterday by now' : 'as yesterday by now', direction: 'same' };
  const percent = Math.round((Math.abs(now - before) / before) * 100);
  if (percent === 0) return { text: 'as yesterday by now', direction: 'same' };
  const share = `${percent.toLocaleString('en')}%`;
  return now > before
    ? { text: `${share} more than yesterday by now`, direction: 'up' }
    : { text: `${share} less than yesterday by now`, direction: 'down' };
}
