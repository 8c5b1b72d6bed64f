const formatters = new Map<string, Intl.NumberFormat>();

/** Major units in, as Medusa 2 gives them: money(12.5, 'usd') is "$12.50". */
export function money(amount: number, currency: string, locale = 'en'): string {
  const key = `${locale} ${currency}`;
  const known = formatters.get(key);
  if (known) return known.format(amount);
  const made = new Intl.NumberFormat(locale, { style: 'currency', currency: currency.toUpperCase() });
  formatters.set(key, made);
  return made.format(amount);
}
