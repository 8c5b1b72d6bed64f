import { openEngines, type Engines } from '../../engines/index.ts';
import { root } from '../../src/root.ts';
import { loadConfig } from '../../src/config.ts';
import { createLifecycle } from '../../src/lifecycle.ts';
import { createLogger } from '../../src/logger.ts';
import { startPlatform } from '../../src/platform.ts';
import { tinyEngines } from './tiny-engine/engines.ts';

/**
 * The platform as `src/main.ts` starts it, except that it tells its parent at each boundary of an action and goes on
 * when told to, and that with `TEST_ENGINE=tiny` its shops are tiny ones, with `tiny-medusa` Medusa's alone.
 */
const environment = process.env;
const config = loadConfig(environment);
const log = createLogger(config);
const lifecycle = createLifecycle({ log });

// A test that died takes its platform along.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));

let asked = 0;
const onBoundary = (boundary: string): Promise<void> =>
  new Promise((goOn) => {
    const id = (asked += 1);
    const listener = (answer: unknown) => {
      if (answer !== id) return;
      process.off('message', listener);
      goOn();
    };
    process.on('message', listener);
    process.send?.({ id, boundary });
  });

async function testEngines(): Promise<{ engines?: Engines }> {
  const wanted = environment['TEST_ENGINE'] ?? 'real';
  if (wanted === 'real') return {};
  const tiny = await tinyEngines();
  if (wanted === 'tiny') return { engines: tiny };
  const known = await openEngines(root, { php: config.STORE_PLATFORM_PHP, path: environment['PATH'] });
  return { engines: { ...known, medusa: tiny.medusa } };
}

await lifecycle.start(async () =>
  startPlatform({
    config,
    environment,
    log,
    lifecycle,
    show: () => undefined,
    ...(await testEngines()),
    onBoundary,
  }),
);
