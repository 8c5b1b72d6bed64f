import type { Actor, Database, Tx } from '../../db/database.ts';
import { headsOf } from '../../db/order-heads.ts';
import { readSummary, zoneOf } from '../read-summary.ts';
import type { Scope, Summary } from '../summary.ts';
import { dateIn } from '../zone.ts';
import { readEntry, writeEntry } from './entry.ts';
import type { CacheStore } from './store.ts';

/** A day that goes on is compared with the same time of the day before, which moves. */
const TODAY_MS = 15_000;
const PAST_DAY_MS = 3_600_000;

export interface Summaries {
  /** The summary of a day, as this person may see it now. */
  read(viewer: Actor, scope: Scope, date?: string): Promise<Summary>;
  close(): Promise<void>;
}

interface Question {
  viewer: Actor;
  scope: Scope;
  date: string;
  /** The present day in the zone. */
  today: string;
  key: string;
  heads: string;
}

/**
 * Summaries with a memory. An entry is one whole answer to one person, so that nothing in it outlives another part; it
 * is served only while the database, asked with that person's rights in the same request, says that it is made of what
 * they see now. Questions that come at once are worked out once.
 */
export function createSummaries(db: Database, store: CacheStore, now = () => new Date()): Summaries {
  const underWay = new Map<string, Promise<Summary>>();

  async function compute(question: Question): Promise<Summary> {
    const { viewer, scope, key } = question;
    const at = now();
    const { summary, heads } = await db.asUser(viewer, async (tx) => {
      const made = await readSummary(tx, scope, { date: question.date, now: at });
      return { summary: made, heads: await headsOf(tx, scope) };
    });
    const madeOn = dateIn(summary.timeZone, at);
    const lifetime = summary.date < madeOn ? PAST_DAY_MS : TODAY_MS;
    const expiresAt = at.getTime() + lifetime;
    await store.set(key, writeEntry({ key, heads, madeOn, expiresAt, summary }), lifetime);
    return summary;
  }

  async function remembered({ key, heads, today }: Question): Promise<Summary | null> {
    const text = await store.get(key);
    const entry = text === null ? null : readEntry(text);
    const holds = entry?.key === key && entry.heads === heads && entry.madeOn === today;
    return entry && holds && entry.expiresAt > now().getTime() ? entry.summary : null;
  }

  return {
    async read(viewer, scope, date) {
      const question = await db.asUser(viewer, (tx) => ask(tx, { viewer, scope, date, now: now() }));
      const known = await remembered(question);
      if (known) return known;
      const turn = `${question.key} ${question.heads} ${question.today}`;
      const running = underWay.get(turn) ?? compute(question).finally(() => underWay.delete(turn));
      underWay.set(turn, running);
      return running;
    },
    close: () => store.close(),
  };
}

/** What exactly is asked for, by the words of the database and with the viewer's own rights. */
async function ask(
  tx: Tx,
  { viewer, scope, date, now }: { viewer: Actor; scope: Scope; date: string | undefined; now: Date },
): Promise<Question> {
  const heads = await headsOf(tx, scope);
  const timeZone = await zoneOf(tx, scope);
  const today = dateIn(timeZone, now);
  const day = date ?? today;
  const key = [viewer.role, viewer.userId, scope.sourceId ?? 'all', day, timeZone].join(' ');
  return { viewer, scope, date: day, today, key, heads };
}
