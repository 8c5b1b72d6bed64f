import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface LiveMetrics {
  sockets: Gauge;
  /** Times that a slow reader lost its backlog. */
  dropped: Counter;
  /** Seconds from when a change was written to when it was sent, once for each group of sockets. */
  delay: Histogram;
}

export function createLiveMetrics(registry: Registry): LiveMetrics {
  const registers = [registry];
  return {
    sockets: new Gauge({
      name: 'store_platform_live_sockets',
      help: 'Open WebSockets of live pages.',
      registers,
    }),
    dropped: new Counter({
      name: 'store_platform_live_dropped_total',
      help: 'Times that a live page was too slow, lost what waited for it and got a snapshot instead.',
      registers,
    }),
    delay: new Histogram({
      name: 'store_platform_live_delay_seconds',
      help: 'From when a change of the figures was written to when it was sent to those who watch.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    }),
  };
}
