#!/usr/bin/env node
// PHP as WebAssembly, for the command lines of the `php` program that stores need. See README.md.
import { Complaint, readCommandLine } from './arguments.mjs';

try {
  const { serve, script } = readCommandLine(process.argv.slice(2));
  if (serve) await (await import('./server.mjs')).serve(serve);
  else process.exitCode = await (await import('./script.mjs')).runScript(script);
} catch (error) {
  process.stderr.write(`${error instanceof Complaint ? error.message : (error?.stack ?? error)}\n`);
  process.exitCode = 1;
}
