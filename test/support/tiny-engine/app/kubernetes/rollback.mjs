// Puts the copied data back under the running shop, the database last: as long as its copy is there, this is not done.
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { alone, DATABASE_URL, hasDatabase, KEPT, onServer, STORE } from './data.mjs';

const DIRTY = '/data/dirty';

async function putFilesBack() {
  if (!existsSync(KEPT)) return;
  await rm(DIRTY, { recursive: true, force: true });
  if (existsSync(STORE)) await rename(STORE, DIRTY);
  await rename(KEPT, STORE);
  await rm(DIRTY, { recursive: true, force: true });
}

if (!DATABASE_URL) {
  await putFilesBack();
} else {
  await onServer(async (client) => {
    if (!(await hasDatabase(client, 'shop_checkpoint'))) return;
    await putFilesBack();
    await client.query('DROP DATABASE IF EXISTS shop_dirty');
    if (await hasDatabase(client, 'shop')) await alone(client, 'shop', 'ALTER DATABASE shop RENAME TO shop_dirty');
    await client.query('ALTER DATABASE shop_checkpoint RENAME TO shop');
    await client.query('DROP DATABASE IF EXISTS shop_dirty WITH (FORCE)');
  });
}
process.stdout.write('the data is put back\n');
