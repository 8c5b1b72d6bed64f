import { fileURLToPath } from 'node:url';

/** The checkout's own folder, with a trailing slash left out. Scripts work from any current folder. */
export const checkout = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** For people only: data on standard output must stay clean, because the CLI comes through here too. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}
