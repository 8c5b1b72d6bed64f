import { describe, expect, it } from 'vitest';
import { byName, chooseCountry, guessCountry } from './countries.ts';

const countries = [
  { iso_2: 'us', display_name: 'United States' },
  { iso_2: 'de', display_name: 'Germany' },
];

describe('the country', () => {
  it.each([
    [['en-GB'], 'gb'],
    [['en', 'de-AT'], 'at'],
    [['zh-Hant-TW'], 'tw'],
    [['es-419'], 'us'],
    [['not a tag!'], 'us'],
    [[], 'us'],
  ])('of %j is %s', (languages, country) => expect(guessCountry(languages)).toBe(country));

  it('is one that the shop delivers to', () => {
    expect(chooseCountry(countries, null, 'de')).toBe('de');
    expect(chooseCountry(countries, 'fr', 'it')).toBe('us');
    expect(chooseCountry(countries.slice(1), 'fr')).toBe('de');
    expect(chooseCountry([])).toBe('us');
  });

  it('is listed by name', () => expect(byName(countries).map(({ iso_2 }) => iso_2)).toEqual(['de', 'us']));
});
