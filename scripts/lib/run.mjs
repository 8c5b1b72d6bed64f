import { spawn } from 'node:child_process';
import { checkout } from './checkout.mjs';

/** Runs a command in the checkout, its output on our standard error; rejects with `what` when it fails. */
export function run(what, command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: checkout, env, stdio: ['ignore', 2, 2] });
    child.once('error', (cause) => reject(new Error(`${what} could not be started: ${cause.message}`)));
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${what} failed (${signal ?? `exit code ${code}`}); see above.`)),
    );
  });
}
