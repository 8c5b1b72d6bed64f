// Imported first by everything that a person starts. Plain syntax: it has to run on the Node that is too old.
import { readFileSync } from 'node:fs';

const wanted = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).engines.node;
const [major = 0, minor = 0] = wanted
  .replace(/^[^0-9]*/, '')
  .split('.')
  .map(Number);
const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number);

if (ownMajor < major || (ownMajor === major && ownMinor < minor)) {
  process.stderr.write(
    `Store Platform needs Node ${wanted}; this is Node ${process.versions.node} (${process.execPath}).\n` +
      `Install a current one from https://nodejs.org, or with a version manager: nvm install ${major}\n`,
  );
  process.exit(1);
}
