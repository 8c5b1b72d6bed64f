import { spawn } from 'node:child_process';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import type { DatabaseSettings } from '../../src/config.ts';
import { startEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server of this run: `login` is the platform's user on the migrated database that test files clone. */
    postgres: { login: DatabaseSettings; superuser: DatabaseSettings };
  }
}

/** Tests lose nothing when the machine does, so they need not wait for its disk. */
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** One PostgreSQL for all test files, in a home that vanishes with the run, however the run ends. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'store-platform-test-'));
  if (process.getuid?.() === 0) await chmod(home, 0o711); // PostgreSQL's account passes through it
  const reaper = startReaper(home);
  const log = pino({ level: 'warn' });
  const postgres = await startEmbedded({ home, log, overrides: NOT_DURABLE });
  await migrate(postgres.settings, log);
  project.provide('postgres', { login: postgres.settings, superuser: postgres.superuser });
  return async () => {
    await postgres.stop();
    await reaper.finish();
  };
}

/** A process of its own session that cleans up when our end of its input closes, even by Ctrl-C or kill -9. */
function startReaper(home: string): { finish(): Promise<void> } {
  const script = fileURLToPath(new URL('./reaper.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, home], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  return {
    finish: () =>
      new Promise((resolve) => {
        child.ref();
        child.once('exit', () => resolve());
        child.stdin.end();
      }),
  };
}
