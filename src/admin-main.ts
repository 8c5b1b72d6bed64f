import { operatorKey, operatorLink } from './auth/operator.ts';
import { configOrExit } from './config-or-exit.ts';
import { openDatabase } from './db/database.ts';
import { createLogger } from './logger.ts';

const USAGE = `Usage:
  node dist/src/admin-main.js sign-in-link      a one-time link that signs the first admin in, good for 7 days
  node dist/src/admin-main.js api-key NAME      an API key of the first admin, shown this once
`;

/**
 * For whoever runs the platform, inside its pod (`kubectl exec`) or with its settings: prints a way in as the first
 * admin on standard output, and nothing else.
 */
const config = configOrExit(process.env);
const [command, name] = process.argv.slice(2);
const isLink = command === 'sign-in-link' && name === undefined;
const isKey = command === 'api-key' && name !== undefined && name.trim() !== '' && name.length <= 255;
if (config.database === null || !(isLink || isKey)) {
  const embedded = 'DATABASE_URL: must be set; the embedded database is open to the running platform alone.\n';
  process.stderr.write(isLink || isKey ? embedded : USAGE);
  process.exit(2);
}
const log = createLogger({ LOG_LEVEL: 'silent' });
const db = openDatabase(config.database, { log, poolSize: 2 });
try {
  process.stdout.write(`${isLink ? await operatorLink(db, config.publicUrl) : await operatorKey(db, name ?? '')}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await db.close();
}
