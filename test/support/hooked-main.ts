import { engines } from '../../engines/index.ts';
import { loadConfig } from '../../src/config.ts';
import { createLifecycle } from '../../src/lifecycle.ts';
import { createLogger } from '../../src/logger.ts';
import { startPlatform } from '../../src/platform.ts';
import { root } from '../../src/root.ts';
import { tinyAsMedusa } from './tiny-engine/available.ts';

/**
 * The platform as `src/main.ts` starts it, except that it tells its parent at each boundary of an action and goes on
 * when told to, and that with `TEST_ENGINE=tiny` its shops are tiny ones.
 */
const environment = process.env;
const config = loadConfig(environment);
const log = createLogger(config);
const lifecycle = createLifecycle({ log });
const known = engines(root);

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

await lifecycle.start(async () =>
  startPlatform({
    config,
    environment,
    log,
    lifecycle,
    show: () => undefined,
    engines: environment['TEST_ENGINE'] === 'tiny' ? { ...known, medusa: await tinyAsMedusa() } : known,
    onBoundary,
  }),
);
