// `npm start`: installs and builds what is missing, then runs the platform in this very process, so that signals
// reach it and nothing stands between it and its terminal.
import './lib/node-version.mjs';
import { ensureOrExit } from './lib/ensure.mjs';

await ensureOrExit();
await import('../dist/src/main.js');
