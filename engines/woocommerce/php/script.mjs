import { foldersToMount } from './mounts.mjs';
import { startInterpreter } from './interpreter.mjs';
import { scriptSettings } from './settings.mjs';

/**
 * Runs PHP's own command line: whatever `php` understands, this does.
 * @returns the exit code
 */
export async function runScript({ args, settings, path }) {
  const php = await startInterpreter({
    ini: scriptSettings(process.env.TMPDIR),
    mounts: foldersToMount({ settings, files: path ? [path] : [], folders: [process.cwd()], env: process.env }),
    cwd: process.cwd(),
    env: process.env,
  });
  const answer = await php.cli(['php', ...args]);
  await Promise.all([pass(answer.stdout, process.stdout), pass(answer.stderr, process.stderr)]);
  return answer.exitCode;
}

/** Waits for the reader: a pipe that is full must not lose the end of the output. */
async function pass(from, to) {
  for await (const chunk of from) {
    await new Promise((done, failed) => to.write(chunk, (error) => (error ? failed(error) : done())));
  }
}
