import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the orchestrator counts. All of it is in `registry`, for `/metrics`. */
export interface Metrics {
  registry: Registry;
  /** Seconds from a store's own first step to its hand-over. */
  provisioning: Histogram<'engine'>;
  failures: Counter<'engine' | 'step'>;
  /** Seconds from when a job was due to when its work began. */
  pickup: Histogram<'task'>;
}

export interface QueueFigures {
  /** Jobs that are due and that nobody works on yet. */
  waiting: number;
  /** Since how many seconds the oldest of them has been due. */
  ageSeconds: number;
  /** Jobs that somebody works on. */
  running: number;
  /** Jobs that were given up after their last try. */
  failed: number;
}

export function createMetrics(queueFigures: () => Promise<QueueFigures>): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const age = new Gauge({
    name: 'store_platform_queue_age_seconds',
    help: 'Since when the oldest waiting job has been due.',
    registers,
  });
  // One query fills both: the depth is collected first and sets the age.
  const depth: Gauge = new Gauge({
    name: 'store_platform_queue_depth',
    help: 'Jobs that are due and that nobody works on yet.',
    registers: [],
    async collect() {
      const figures = await queueFigures().catch(() => null);
      if (figures === null) return;
      depth.set(figures.waiting);
      age.set(figures.ageSeconds);
    },
  });
  registry.registerMetric(depth);
  return {
    registry,
    provisioning: new Histogram({
      name: 'store_platform_provisioning_duration_seconds',
      help: 'From the first own step of a store to its hand-over.',
      labelNames: ['engine'],
      buckets: [1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 300, 900],
      registers,
    }),
    failures: new Counter({
      name: 'store_platform_provisioning_failures_total',
      help: 'Stores that were given up, by the step that failed.',
      labelNames: ['engine', 'step'],
      registers,
    }),
    pickup: new Histogram({
      name: 'store_platform_job_pickup_seconds',
      help: 'From when a job was due to when its work began.',
      labelNames: ['task'],
      buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 30],
      registers,
    }),
  };
}
