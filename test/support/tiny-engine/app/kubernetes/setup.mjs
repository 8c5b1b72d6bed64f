// What the shop begins with, made once: a folder and, of one kind of shop, a database.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { copyWhole, DATABASE_URL, hasDatabase, onServer, STORE, until } from './data.mjs';

if (!DATABASE_URL) {
  await copyWhole('/app/baked', STORE);
} else {
  if (!existsSync(`${STORE}/uploads`)) mkdirSync(`${STORE}/uploads`, { recursive: true });
  await until(() => onServer(() => true));
  await onServer(async (client) => {
    if (await hasDatabase(client, 'shop')) return;
    await client.query('DROP DATABASE IF EXISTS shop_new');
    await client.query('CREATE DATABASE shop_new');
    const url = DATABASE_URL.replace(/shop$/, 'shop_new');
    execFileSync('node', ['/app/seed.mjs'], { env: { ...process.env, DATABASE_URL: url }, stdio: 'inherit' });
    await client.query('ALTER DATABASE shop_new RENAME TO shop');
  });
}
process.stdout.write('the shop is set up\n');
