import { describe, expect, it } from 'vitest';
import type { Store } from '../../api/types.ts';
import { arrange } from './arrange.ts';
import { readSearch, writeSearch } from './search.ts';

const store = (name: string, day: number, more: Partial<Store> = {}) =>
  ({
    name,
    slug: `${name.toLowerCase()}-7f3a`,
    engine: 'medusa',
    status: 'ready',
    createdAt: `2026-01-0${day}T00:00:00.000Z`,
    ...more,
  }) as Store;

const STORES = [
  store('Shop 10', 1),
  store('shop 9', 2, { status: 'failed' }),
  store('Atelier', 3, { engine: 'woocommerce' }),
];
const names = (raw: Record<string, unknown>) => arrange(STORES, readSearch(raw)).map(({ name }) => name);

describe('the list of stores', () => {
  it('is sorted by age, by name as people count, and by what needs somebody', () => {
    expect(names({})).toEqual(['Atelier', 'shop 9', 'Shop 10']);
    expect(names({ sort: '-age' })).toEqual(['Shop 10', 'shop 9', 'Atelier']);
    expect(names({ sort: 'name' })).toEqual(['Atelier', 'shop 9', 'Shop 10']);
    expect(names({ sort: '-name' })).toEqual(['Shop 10', 'shop 9', 'Atelier']);
    expect(names({ sort: 'status' })).toEqual(['shop 9', 'Atelier', 'Shop 10']);
    expect(names({ sort: '-status' })).toEqual(['Atelier', 'Shop 10', 'shop 9']);
  });

  it('is searched by name and address, and filtered', () => {
    expect(names({ q: ' SHOP ' })).toEqual(['shop 9', 'Shop 10']);
    expect(names({ q: 'atelier-7f' })).toEqual(['Atelier']);
    expect(names({ q: 10 })).toEqual(['Shop 10']);
    expect(names({ status: 'failed' })).toEqual(['shop 9']);
    expect(names({ engine: 'woocommerce', status: 'failed' })).toEqual([]);
  });

  it('takes any address that somebody may have written', () => {
    const odd = readSearch({ q: { a: 1 }, status: 'constructor', engine: 'toString', sort: 7 });
    expect(odd).toEqual({ q: '', status: null, engine: null, sort: 'age' });
    expect(writeSearch(odd)).toEqual({});
    const full = { q: 'tea', status: 'ready', engine: 'medusa', sort: '-name' };
    expect(writeSearch(readSearch(full))).toEqual(full);
  });
});
