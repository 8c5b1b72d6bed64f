import type { Country } from '../api/types.ts';

const FALLBACK = 'us';

/** The shopper's country by the browser's languages ("en-GB", "zh-Hant-TW"), else the United States. */
export function guessCountry(languages: readonly string[]): string {
  for (const language of languages) {
    const region = regionOf(language);
    if (region) return region;
  }
  return FALLBACK;
}

/** The first of the wished countries that the shop delivers to. */
export function chooseCountry(countries: Country[], ...wishes: (string | null | undefined)[]): string {
  const known = new Set(countries.map((country) => country.iso_2));
  return [...wishes, FALLBACK].find((wish) => wish && known.has(wish)) ?? countries[0]?.iso_2 ?? FALLBACK;
}

export const byName = (countries: Country[]): Country[] =>
  countries.toSorted((a, b) => a.display_name.localeCompare(b.display_name, 'en'));

function regionOf(language: string): string | null {
  try {
    const region = new Intl.Locale(language).region;
    return region && /^[A-Z]{2}$/.test(region) ? region.toLowerCase() : null;
  } catch {
    return null;
  }
}
