import type { FeedEntry } from '../db/order-feed.ts';

/** The last part of the feed, in memory, bounded by age and size. */
export class Kept {
  private readonly limits: { keptParts: number; keptMs: number; now: () => number };
  private entries: { entry: FeedEntry; size: number; until: number }[] = [];
  private size = 0;
  /** All after this change is here. */
  private floor = 0;

  constructor(limits: Kept['limits']) {
    this.limits = limits;
  }

  /** Begins anew after this change. */
  reset(floor: number): void {
    this.entries = [];
    this.size = 0;
    this.floor = floor;
  }

  add(entries: readonly FeedEntry[]): void {
    const now = this.limits.now();
    for (const entry of entries) {
      const size = sizeOf(entry);
      this.entries.push({ entry, size, until: now + this.limits.keptMs });
      this.size += size;
    }
    let gone = 0;
    for (const { entry, size, until } of this.entries) {
      if (this.size <= this.limits.keptParts && until > now) break;
      this.floor = entry.seq;
      this.size -= size;
      gone += 1;
    }
    this.entries.splice(0, gone);
  }

  /** All changes after this one; null when some of them are not here any more. */
  after(seq: number): FeedEntry[] | null {
    return seq < this.floor ? null : this.entries.slice(this.firstAfter(seq)).map(({ entry }) => entry);
  }

  private firstAfter(seq: number): number {
    let [from, to] = [0, this.entries.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.entries[middle]?.entry.seq ?? 0) > seq) to = middle;
      else from = middle + 1;
    }
    return from;
  }
}

/** Orders and their items, which are what takes room. */
function sizeOf({ change }: FeedEntry): number {
  return change.orders.reduce((sum, { items }) => sum + 1 + items.length, 1);
}
