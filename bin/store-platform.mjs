#!/usr/bin/env node
// The command line. In a fresh checkout its first use installs and builds; nothing of that goes to standard output.
import '../scripts/lib/node-version.mjs';
import { ensureOrExit } from '../scripts/lib/ensure.mjs';

await ensureOrExit();
const { main } = await import('../dist/src/cli/main.js');
process.exitCode = await main(process.argv.slice(2));
