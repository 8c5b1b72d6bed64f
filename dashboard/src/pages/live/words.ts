import type { DaySummary, Hour, LiveOrder } from './messages.ts';

const MOST_ITEMS = 2;

/** `Saturday 21 November, hours in Europe/Paris`. */
export function dayInWords({ date, timeZone }: DaySummary): string {
  const day = new Date(`${date}T12:00:00Z`).toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
  return `${day}, hours in ${timeZone}`;
}

/** `08:00`, by the clock of its own zone. */
export const clockOf = ({ hour }: Hour): string => hour.slice(11, 16);

/** `2 × Flat white, Croissant and 1 more`. */
export function itemsInWords(items: LiveOrder['items']): string {
  const named = items
    .slice(0, MOST_ITEMS)
    .map(({ name, quantity }) => (quantity === 1 ? name : `${quantity} × ${name}`));
  const more = items.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** How long ago an order was placed: `now`, `12 s ago`, `3 min ago`, `2 h ago`, and from a day on the date. */
export function since(placedAt: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(placedAt)) / 1000);
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(placedAt).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}
