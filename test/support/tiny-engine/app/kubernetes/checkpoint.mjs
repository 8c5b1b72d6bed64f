// Copies the shop's data. The copy of the database comes last: where it is, the whole is there.
import { rm } from 'node:fs/promises';
import { alone, copyWhole, DATABASE_URL, hasDatabase, KEPT, onServer, STORE } from './data.mjs';

if (!DATABASE_URL) {
  await copyWhole(STORE, KEPT);
} else {
  await onServer(async (client) => {
    if (await hasDatabase(client, 'shop_checkpoint')) return;
    await rm(KEPT, { recursive: true, force: true });
    await copyWhole(STORE, KEPT);
    await client.query('DROP DATABASE IF EXISTS shop_copy');
    await alone(client, 'shop', 'CREATE DATABASE shop_copy TEMPLATE shop');
    await client.query('ALTER DATABASE shop_copy RENAME TO shop_checkpoint');
  });
}
process.stdout.write('the data is copied\n');
