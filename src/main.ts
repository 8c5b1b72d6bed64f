import { configOrExit } from './config-or-exit.ts';
import { createLifecycle } from './lifecycle.ts';
import { createLogger } from './logger.ts';
import { startPlatform } from './platform.ts';

const environment = process.env;
const config = configOrExit(environment);
const log = createLogger(config);
const show = (text: string) => void process.stdout.write(`\n  ${text}\n\n`);
const lifecycle = createLifecycle({ log });
await lifecycle.start(() => startPlatform({ config, environment, log, lifecycle, show }));
