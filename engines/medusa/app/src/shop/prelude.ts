import nodeModule from 'node:module';
import path from 'node:path';
import { composeAddresses } from './addresses';
import { APP_ROOT, SERVER_DIR } from './app-root';

// Import this before anything of Medusa: it is what the process must look like before Medusa loads.

// Medusa resolves its modules against the working directory, and a store is started in its own.
process.chdir(SERVER_DIR);

composeAddresses(process.env);

// MEDUSA_DISABLE_TELEMETRY alone drops the events but still forks a sender at each exit; only a
// config file that says "off" stops that. Ours is complete, so that Medusa has no reason to write
// one into the home of a store.
process.env.MEDUSA_DISABLE_TELEMETRY = '1';
process.env.XDG_CONFIG_HOME = path.join(APP_ROOT, 'telemetry-off');

// Node 22 and later can keep compiled code, which saves a quarter of the start. `npm run template` fills
// the cache; a store under another uid would need a cache of its own, and goes without.
const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
enableCompileCache?.(path.join(APP_ROOT, '.compile-cache'));
