import { makeWorkerUtils, type JobHelpers, type TaskList } from 'graphile-worker';
import { z } from 'zod';
import { ENGINES } from '../stores/store.ts';
import type { Context } from './context.ts';
import { prepareEngine } from './prepare-engine.ts';
import { purge } from './purge.ts';
import { reconcile } from './reconcile.ts';
import { sweep } from './sweep.ts';
import type { Life } from './worker.ts';

const ReconcileJob = z.object({ storeId: z.uuid() });
const PrepareJob = z.object({ engine: z.enum(ENGINES) });

/** When the platform looks after itself: minute, hour, day, month, weekday, in UTC. */
export const CRONTAB = ['*/10 * * * * sweep ?jobKey=sweep&queue=sweep', '7 * * * * purge ?jobKey=purge'].join('\n');

/** The kinds of job. `ended` is called after each, because another job of the same store may have waited for it. */
export function makeTasks(context: Context, life: Life, ended: () => void): TaskList {
  const watched =
    (task: string, work: (payload: unknown, helpers: JobHelpers) => Promise<void>) =>
    async (payload: unknown, helpers: JobHelpers): Promise<void> => {
      life.stop.throwIfAborted();
      const { job } = helpers;
      if (job.attempts === 1)
        context.metrics.pickup.observe({ task }, Math.max(0, Date.now() - job.run_at.getTime()) / 1000);
      await work(payload, helpers).finally(ended);
    };
  return {
    reconcile: watched('reconcile', (payload) =>
      reconcile(context, ReconcileJob.parse(payload).storeId, life.since, life.stop),
    ),
    'prepare-engine': watched('prepare-engine', (payload, { job }) =>
      prepareEngine(context, PrepareJob.parse(payload).engine, job.attempts, life.stop),
    ),
    sweep: watched('sweep', () => sweep(context)),
    purge: watched('purge', async () => {
      await purge(context);
      await cleanQueue(context);
    }),
  };
}

/** Each store has a queue of its own, whose row outlives it; and a job that was replaced while it ran may stay. */
async function cleanQueue({ db }: Context): Promise<void> {
  const utils = await makeWorkerUtils({ pgPool: db.pool });
  try {
    await utils.cleanup({ tasks: ['DELETE_PERMAFAILED_JOBS', 'GC_JOB_QUEUES'] });
  } finally {
    await utils.release();
  }
}
