// Installs and builds what is missing, without running anything: before tests, benchmarks and checks.
import './lib/node-version.mjs';
import { ensureOrExit } from './lib/ensure.mjs';

await ensureOrExit();
