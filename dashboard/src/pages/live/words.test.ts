import { describe, expect, it } from 'vitest';
import { clockOf, dayInWords, itemsInWords, since } from './words.ts';

const item = (name: string, quantity = 1) => ({ name, quantity, unitPrice: 100 });

describe('words of the live page', () => {
  it('tell the day and its hours as the zone counts them', () => {
    expect(dayInWords({ date: '2026-11-21', timeZone: 'Asia/Tokyo' } as never)).toBe(
      'Saturday 21 November, hours in Asia/Tokyo',
    );
    expect(clockOf({ hour: '2026-11-21T08:00:00+09:00', orders: 0, revenue: {} })).toBe('08:00');
  });

  it('tell of the items what there is room for', () => {
    expect(itemsInWords([item('Latte')])).toBe('Latte');
    expect(itemsInWords([item('Latte', 2), item('Muffin')])).toBe('2 × Latte, Muffin');
    expect(itemsInWords([item('Latte', 2), item('Muffin'), item('Tea'), item('Bun')])).toBe(
      '2 × Latte, Muffin and 2 more',
    );
    expect(itemsInWords([])).toBe('');
  });

  it.each([
    [-5, 'now'],
    [1, 'now'],
    [59, '59 s ago'],
    [60, '1 min ago'],
    [3599, '59 min ago'],
    [7200, '2 h ago'],
    [86_400, '20 Nov'],
  ])('%d s after it, an order was placed %s', (seconds, words) => {
    const placed = '2026-11-20T12:00:00Z';
    expect(since(placed, Date.parse(placed) + seconds * 1000)).toBe(words);
  });
});
