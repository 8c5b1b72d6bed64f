// What `npm ci` is to a real engine: afterwards the packages are where Node finds them.
import { existsSync, renameSync } from 'node:fs';

if (existsSync('vendor')) renameSync('vendor', 'node_modules');
process.stdout.write('the packages are in place\n');
