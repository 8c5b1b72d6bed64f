import { build, isBuilt } from './build.mjs';
import { checkout, say } from './checkout.mjs';
import { install, isInstalled } from './install.mjs';
import { locked } from './lock.mjs';

/**
 * Installs and builds what is missing or out of date, and nothing else. Of several that come at once, one works
 * and the others wait for it. Rejects with a message for people.
 */
async function ensure() {
  if (isInstalled() && isBuilt()) return;
  await locked(
    checkout,
    async () => {
      await install();
      await build();
    },
    () => say('Another process is installing or building; waiting for it …'),
  );
}

/** For scripts that a person starts: `ensure`, or a message and exit code 1. */
export async function ensureOrExit() {
  try {
    await ensure();
  } catch (error) {
    say(error.message);
    process.exit(1);
  }
}
