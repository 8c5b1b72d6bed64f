import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What is counted of orders. All of it is in the registry that it was asked for, for `/metrics`. */
export interface OrderMetrics {
  /** Events that were stored. */
  accepted: Counter;
  /** Events that were sent again and are stored already. */
  duplicates: Counter;
  /** Requests that were not taken, by the code of the answer. */
  refused: Counter<'reason'>;
  /** Orders whose figures an event has changed. */
  applied: Counter;
  /** Seconds from when orders were received to when they are in the figures. */
  lag: Histogram;
  /** Tries that failed because of the batch itself. */
  failures: Counter;
  /** By dependency and part: 0 closed, 1 open, 2 being tried. */
  circuit: Gauge<'dependency' | 'part'>;
}

export interface BatchFigures {
  /** Batches that are not in the figures yet. */
  waiting: number;
  /** Since how many seconds the oldest of them has waited. */
  ageSeconds: number;
  /** Batches that were given up. */
  dead: number;
}

const known = new WeakMap<Registry, OrderMetrics>();

/** The same for the same registry: the parts of one platform count together. */
export function orderMetrics(registry: Registry): OrderMetrics {
  let metrics = known.get(registry);
  if (!metrics) {
    metrics = makeMetrics(registry);
    known.set(registry, metrics);
  }
  return metrics;
}

function makeMetrics(registry: Registry): OrderMetrics {
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] });
  return {
    accepted: counter('store_platform_orders_accepted_total', 'Order events that were stored.'),
    duplicates: counter('store_platform_orders_duplicates_total', 'Order events that were stored already.'),
    refused: new Counter({
      name: 'store_platform_orders_refused_total',
      help: 'Requests with orders that were not taken, by the code of the answer.',
      labelNames: ['reason'],
      registers: [registry],
    }),
    applied: counter('store_platform_orders_applied_total', 'Orders whose figures were changed by an event.'),
    lag: new Histogram({
      name: 'store_platform_orders_lag_seconds',
      help: 'From when orders were received to when they are in the figures.',
      buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 60],
      registers: [registry],
    }),
    failures: counter('store_platform_orders_failures_total', 'Tries to apply a batch that failed because of it.'),
    circuit: new Gauge({
      name: 'store_platform_circuit_state',
      help: 'Whether calls are let through: 0 yes, 1 not for now, 2 one is, to see whether it is well again.',
      labelNames: ['dependency', 'part'],
      registers: [registry],
    }),
  };
}

/** Gauges of the batches, for the one part of the platform that applies them. Asked for with each look at the metrics. */
export function watchBatches(registry: Registry, figures: () => Promise<BatchFigures>): void {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const age = gauge('store_platform_orders_waiting_age_seconds', 'Since when the oldest of them has waited.');
  const dead = gauge('store_platform_orders_dead_batches', 'Batches of orders that were given up.');
  // One query fills all three: the first to be collected sets the others.
  const waiting: Gauge = new Gauge({
    name: 'store_platform_orders_waiting_batches',
    help: 'Batches of orders that are stored and not in the figures yet.',
    registers: [],
    async collect() {
      const found = await figures().catch(() => null);
      if (found === null) return;
      waiting.set(found.waiting);
      age.set(found.ageSeconds);
      dead.set(found.dead);
    },
  });
  registry.registerMetric(waiting);
}
