// Before the server: waits until the shop is set up.
import { existsSync } from 'node:fs';
import { DATABASE_URL, hasDatabase, onServer, STORE, until } from './data.mjs';

const isSetUp = () => (DATABASE_URL ? onServer((client) => hasDatabase(client, 'shop')) : existsSync(STORE));
await until(async () => isSetUp());
