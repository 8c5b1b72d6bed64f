import { ConfigError, loadConfig, type Config } from './config.ts';

/** The settings of a program's environment, or all that is wrong with them in one message and exit code 1 (API-13). */
export function configOrExit(environment: NodeJS.ProcessEnv): Config {
  try {
    return loadConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
