import type { Database } from '../db/database.ts';
import {
  deleteEventsOfSources,
  deleteExpired,
  deleteFeedBefore,
  deleteKeysBefore,
  deleteOfSources,
  deleteOrdersBefore,
  forgetGoneSources,
  goneSources,
  lastBatchOf,
  lockSource,
  placeOfOrder,
  sourcesOlderThan,
  turnMonths,
} from '../db/order-retention.ts';
import { quarterOf } from './figures.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const QUARTER_MS = 15 * MINUTE_MS;
/** Whoever comes back later gets a new snapshot. */
const FEED_MS = 10 * MINUTE_MS;
/** No request or batch that knew a source from before it went takes longer. */
const GONE_MS = 60 * MINUTE_MS;
/** So much at once is done in well under a second, and whoever needs the same rows waits no longer. */
const PIECE = 5000;

/**
 * Deletes orders that were placed more than so many days ago with their figures, events that came before then, what is
 * kept for the moment only, and what belonged to sources that are gone. Makes the months to come. In small transactions:
 * cut short, it goes on where it was the next time.
 */
export async function keepRetention(db: Database, { days, now }: { days: number; now: Date }): Promise<void> {
  const ago = (ms: number) => new Date(now.getTime() - ms);
  await db.asOrchestrator((tx) => deleteFeedBefore(tx, ago(FEED_MS)));
  await db.asOrchestrator((tx) => deleteExpired(tx, now));
  await deleteGone(db, ago(GONE_MS));
  await deleteOld(db, quarterOf(ago(days * DAY_MS)));
  await repeat(() => db.asOrchestrator((tx) => deleteKeysBefore(tx, ago(days * DAY_MS), PIECE)));
  await db.asOrchestrator((tx) => turnMonths(tx, ago(days * DAY_MS)));
}

/** Nobody applies orders of a source while some of its are deleted, so that orders and figures stay in step. */
async function deleteOld(db: Database, before: Date): Promise<void> {
  for (const source of await db.asOrchestrator((tx) => sourcesOlderThan(tx, before))) {
    await repeat(() =>
      db.asOrchestrator(async (tx) => {
        await lockSource(tx, source);
        const place = await placeOfOrder(tx, source, PIECE);
        const piece = place && place < before ? new Date(quarterOf(place).getTime() + QUARTER_MS) : before;
        await deleteOrdersBefore(tx, source, piece);
        return before.getTime() - piece.getTime();
      }),
    );
  }
}

async function deleteGone(db: Database, goneBefore: Date): Promise<void> {
  const gone = await db.asOrchestrator(goneSources);
  if (gone.length === 0) return;
  await repeat(() => db.asOrchestrator((tx) => deleteOfSources(tx, gone, PIECE)));
  for (let after = 0; ;) {
    const from = after;
    const last = await db.asOrchestrator((tx) => lastBatchOf(tx, from, PIECE));
    if (last === null) break;
    await db.asOrchestrator((tx) => deleteEventsOfSources(tx, gone, { after: from, last }));
    after = last;
  }
  await db.asOrchestrator((tx) => forgetGoneSources(tx, gone, goneBefore));
}

/** Until a piece says that nothing is left. */
async function repeat(piece: () => Promise<number>): Promise<void> {
  while ((await piece()) > 0);
}
