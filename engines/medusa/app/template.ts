import './src/shop/prelude';
import { randomUUID } from 'node:crypto';
import { reachDatabase } from './src/shop/database';
import { seed } from './src/template/seed';
import { bringUpToDate } from './src/template/tables';

/** Turns an empty database into the template that each store is cloned from: tables, then the catalogue. */
async function main(): Promise<void> {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is missing');
  // Medusa insists on secrets; nothing that is made here depends on them.
  process.env.JWT_SECRET = process.env.COOKIE_SECRET = randomUUID();
  await reachDatabase(url);
  await bringUpToDate(seed);
}

main().then(
  () => {
    console.log(JSON.stringify({ level: 'info', message: 'template is ready', seconds: Math.round(process.uptime()) }));
    process.exit(0);
  },
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
