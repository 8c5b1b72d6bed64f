import { pino } from 'pino';
import type { DatabaseSettings } from '../../src/config.ts';
import { createLocalRuntime } from '../../src/runtimes/local/runtime.ts';
import { noDownloads } from '../support/no-downloads.ts';
import type { TinyStore } from '../support/tiny-engine/engine.ts';

/** What a platform that is about to be killed is told, as JSON in its only argument. */
export interface HostOrders {
  home: string;
  installationId: string;
  database: DatabaseSettings;
  port: number;
  store: TinyStore;
  steps: string[];
}

const orders = JSON.parse(process.argv[2] ?? '') as HostOrders;
const { ref, plan } = orders.store;
const runtime = createLocalRuntime({
  ...orders,
  ports: { find: async () => orders.port, lease: async () => orders.port, release: async () => {} },
  environment: {},
  assets: noDownloads,
  log: pino({ level: 'silent' }),
});
await runtime.start();
for (const step of orders.steps) await runtime.apply(step, ref, plan, new AbortController().signal);
process.kill(process.pid, 'SIGKILL');
