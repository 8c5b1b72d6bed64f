// Waits until the test run that started it is over, then ends the run's PostgreSQL, if it still runs, and removes
// its home. A process of its own, because nothing in the run itself survives kill -9.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const home = process.argv[2];
process.stdin.resume();
process.stdin.on('error', finish);
process.stdin.on('end', finish);

async function finish() {
  const pid = postmaster();
  if (pid) await end(pid);
  rmSync(home, { recursive: true, force: true });
  process.exit(0);
}

function postmaster() {
  try {
    return Number(readFileSync(join(home, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return null;
  }
}

async function end(pid) {
  try {
    process.kill(pid, 'SIGINT');
    for (let tries = 0; tries < 200; tries += 1) {
      await delay(50);
      process.kill(pid, 0);
    }
    process.kill(pid, 'SIGQUIT');
  } catch {
    // It has ended.
  }
}
