import { ConfigError, loadConfig, type Config } from './config.ts';
import { createLifecycle } from './lifecycle.ts';
import { createLogger } from './logger.ts';
import { startPlatform } from './platform.ts';

const environment = process.env;
const config = configOrExit();
const log = createLogger(config);
const show = (text: string) => void process.stdout.write(`\n  ${text}\n\n`);
const lifecycle = createLifecycle({ log });
await lifecycle.start(() => startPlatform({ config, environment, log, lifecycle, show }));

/** All that is wrong with the settings, in one message (API-13). */
function configOrExit(): Config {
  try {
    return loadConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
