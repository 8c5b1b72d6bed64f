import type pg from 'pg';
import type { EngineName, Store } from '../stores/store.ts';
import type { QueueFigures } from './metrics.ts';

/** The job queue as the orchestrator uses it, beside the door in SQL that the API has (`enqueue_reconcile`). */
export interface Queue {
  /** Looks at a store again then, or as soon as somebody asks for it. */
  reconcileAt(store: Pick<Store, 'id' | 'correlationId'>, at: Date): Promise<void>;
  /** Looks at a store then, unless somebody has asked for it meanwhile: that stays as it is. */
  reconcileBy(store: Pick<Store, 'id' | 'correlationId'>, at: Date): Promise<void>;
  /** Has an engine prepared. With `now`, a try that waits for its turn is brought forward. */
  prepareEngine(engine: EngineName, now: boolean): Promise<void>;
  /** Looks now for what no store knows. */
  sweep(): Promise<void>;
  /** How many jobs are due and free, and when the next one will be. */
  due(): Promise<{ jobs: number; next: Date | null }>;
  /** Ids of the stores that have a job, waiting or running. */
  storesWithJob(): Promise<Set<string>>;
  figures(): Promise<QueueFigures>;
}

const FREE = 'locked_at IS NULL AND attempts < max_attempts';

/** `onLater` hears of jobs that become due at a certain time, so that somebody looks then. */
export function createQueue(pool: pg.Pool, onLater: (at: Date) => void): Queue {
  const reconcile = async (
    { id, correlationId }: Pick<Store, 'id' | 'correlationId'>,
    at: Date,
    mode: 'replace' | 'preserve_run_at',
  ): Promise<void> => {
    const payload = JSON.stringify({ storeId: id, correlationId });
    await pool.query(
      `SELECT graphile_worker.add_job('reconcile', $1::json, queue_name := $2, job_key := $2, run_at := $3,
         max_attempts := 25, job_key_mode := $4)`,
      [payload, `store:${id}`, at, mode],
    );
    onLater(at);
  };
  return {
    reconcileAt: (store, at) => reconcile(store, at, 'replace'),
    reconcileBy: (store, at) => reconcile(store, at, 'preserve_run_at'),

    async prepareEngine(engine, now) {
      const key = `prepare:${engine}`;
      if (!now && (await hasJob(pool, key))) return;
      await pool.query(
        `SELECT graphile_worker.add_job('prepare-engine', $1::json, queue_name := $2, job_key := $2, max_attempts := 25)`,
        [JSON.stringify({ engine }), key],
      );
    },

    async sweep() {
      await pool.query(
        `SELECT graphile_worker.add_job('sweep', queue_name := 'sweep', job_key := 'sweep', max_attempts := 3)`,
      );
    },

    async due() {
      const { rows } = await pool.query<{ jobs: number; next: Date | null }>(
        `SELECT count(*) FILTER (WHERE run_at <= now()) AS jobs, min(run_at) FILTER (WHERE run_at > now()) AS next
         FROM graphile_worker.jobs WHERE ${FREE}`,
      );
      return rows[0] ?? { jobs: 0, next: null };
    },

    async storesWithJob() {
      const { rows } = await pool.query<{ key: string }>(
        `SELECT key FROM graphile_worker.jobs WHERE key LIKE 'store:%' AND (locked_at IS NOT NULL OR attempts < max_attempts)`,
      );
      return new Set(rows.map(({ key }) => key.slice('store:'.length)));
    },

    figures: () => queueFigures(pool),
  };
}

/** How the queue stands, for whoever watches it; needs no worker in this process. */
export async function queueFigures(pool: pg.Pool): Promise<QueueFigures> {
  const { rows } = await pool.query<Record<keyof QueueFigures, number>>(
    `SELECT count(*) FILTER (WHERE ${FREE} AND run_at <= now()) AS waiting,
       coalesce(extract(epoch FROM now() - min(run_at) FILTER (WHERE ${FREE} AND run_at <= now())), 0)::float8 AS "ageSeconds",
       count(*) FILTER (WHERE locked_at IS NOT NULL) AS running,
       count(*) FILTER (WHERE locked_at IS NULL AND attempts >= max_attempts) AS failed
     FROM graphile_worker.jobs`,
  );
  return rows[0] ?? { waiting: 0, ageSeconds: 0, running: 0, failed: 0 };
}

async function hasJob(pool: pg.Pool, key: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    'SELECT FROM graphile_worker.jobs WHERE key = $1 AND (locked_at IS NOT NULL OR attempts < max_attempts)',
    [key],
  );
  return rowCount !== 0;
}
