import { Registry } from 'prom-client';
import type { HealthCheck } from './api/deps.ts';
import { openCore, type PlatformOptions } from './core.ts';
import { STARTING } from './gateway/answers.ts';
import { healthOnly } from './health-only.ts';
import { openHome } from './home.ts';
import { createFrontDoor } from './http.ts';
import { listen } from './listen.ts';
import { createOrchestrator } from './orchestrator/orchestrator.ts';
import { createAggregator } from './orders/aggregator.ts';
import { version } from './root.ts';
import { serve } from './serve.ts';

/**
 * Puts the platform together, in the order in which its parts need one another, and tells `lifecycle` how each is
 * stopped. It listens early, so that whoever asks is told what the start waits for. Rejects with words for people.
 */
export async function startPlatform(options: PlatformOptions): Promise<void> {
  const { config, lifecycle } = options;
  let waitingFor = 'database';
  const checks = async (): Promise<Record<string, HealthCheck>> => ({
    [waitingFor]: { ok: false, message: 'It is being started.' },
  });
  const isWorker = config.ROLES.includes('worker');

  // On a cluster nothing of value is in a pod's home, and any number of workers may run.
  if (config.database === null || (isWorker && config.RUNTIME === 'local')) {
    const lock = await openHome(config.home);
    lifecycle.onStop('home', () => lock.release());
  }
  const door = createFrontDoor(config, healthOnly(checks, STARTING));
  await listen(door.server, config);
  lifecycle.onStop('http server', () => door.close(0));

  const core = await openCore(options);
  const orchestrator = isWorker ? createOrchestrator(core) : null;
  if (orchestrator) {
    waitingFor = 'stores';
    await core.runtime.start();
    await orchestrator.start();
    lifecycle.onStop('orchestrator', () => orchestrator.stop());
  }
  const metrics = orchestrator?.metrics ?? new Registry();
  const aggregator = config.ROLES.includes('orders') ? createAggregator({ ...core, registry: metrics }) : null;
  if (aggregator) {
    waitingFor = 'orders';
    lifecycle.onStop('orders', () => aggregator.stop());
    await aggregator.start();
  }
  waitingFor = 'api';
  await serve({ ...core, door, orchestrator, aggregator, metrics });
  options.show(`Store Platform ${version} is ready: ${config.publicUrl}`);
}
