import { configOrExit } from './config-or-exit.ts';
import { waitForDatabase } from './db/connect.ts';
import { migrate } from './db/migrate.ts';
import { errorText } from './errors.ts';
import { createLogger } from './logger.ts';

/** How long the database may take to answer: a server that starts with us recovers, or is moved to another node. */
const WAIT_MS = 300_000;

/**
 * Brings the database up to this version and ends: 0 when it is, 1 with what to do when it can't be. It runs before a
 * new version's pods do, so that these find it done and a database that refuses stops the upgrade, not the platform.
 */
const config = configOrExit(process.env);
const log = createLogger(config);
if (config.database === null) {
  process.stderr.write('DATABASE_URL: must be set; the embedded database is migrated by the platform itself.\n');
  process.exit(1);
}
const { signal, wait } = patience();
try {
  await waitForDatabase(config.database, log, signal);
  clearTimeout(wait);
  await migrate(config.database, log);
  log.info('The database is up to date');
} catch (error) {
  process.stderr.write(`${errorText(signal.aborted ? signal.reason : error)}\n`);
  process.exit(1);
}

function patience(): { signal: AbortSignal; wait: NodeJS.Timeout } {
  const ending = new AbortController();
  const giveUp = (reason: string) => ending.abort(new Error(reason));
  process.once('SIGTERM', () => giveUp('The migration was told to stop.'));
  return { signal: ending.signal, wait: setTimeout(giveUp, WAIT_MS, 'The database did not answer within 5 minutes.') };
}
