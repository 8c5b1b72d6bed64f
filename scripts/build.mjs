// `npm run build`: compiles the platform, the storefront and the dashboard when their sources have changed.
import './lib/node-version.mjs';
import { ensureOrExit } from './lib/ensure.mjs';
import { say } from './lib/checkout.mjs';

await ensureOrExit();
say('Everything is built: dist/');
