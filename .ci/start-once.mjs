// Runs `npm start` in the given checkout until it is ready, twice, and ends it each time as Ctrl-C does.
// Fails when a start does not become ready, does not end, or when the second one takes longer than the first allows.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const [checkout] = process.argv.slice(2);
const url = `http://127.0.0.1:${process.env.PORT}/health/ready`;

async function ready(child, limitMs) {
  const begin = Date.now();
  while (Date.now() - begin < limitMs) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.status === 200) return Date.now() - begin;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not ready within ${limitMs} ms`);
}

async function round(name, limitMs) {
  const child = spawn('npm', ['start'], { cwd: checkout, stdio: 'inherit', detached: true });
  const exited = once(child, 'exit');
  try {
    console.log(`${name} start: ready after ${await ready(child, limitMs)} ms`);
  } finally {
    process.kill(-child.pid, 'SIGINT');
    await exited;
  }
}

await round('first', 300_000);
await round('second', 20_000);
