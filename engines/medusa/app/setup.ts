import './src/shop/prelude';
import { fail, say } from './src/shop/process';
import { requireSettings } from './src/shop/settings';
import { connect } from './src/setup/connection';
import { patiently } from './src/setup/patience';
import { setUp } from './src/setup/set-up';

/**
 * Makes a store's database ready for this version of the image (`SHOP_VERSION`), before its servers and workers start:
 * they wait for it with wait.ts. Name, admin and key are given by server.ts.
 */
async function main(): Promise<void> {
  const { DATABASE_URL: url, SHOP_VERSION: version, TEMPLATE_FILE: template } = process.env;
  requireSettings(process.env, ['DATABASE_URL', 'SHOP_VERSION', 'TEMPLATE_FILE', 'JWT_SECRET', 'COOKIE_SECRET']);
  const client = await patiently('the database', () => connect(url!));
  const outcome = await setUp(client, version!, template!, migrate);
  await client.end();
  say('the shop is set up', { version, outcome });
}

/** Loads all of Medusa, which an empty database can do without. */
async function migrate(): Promise<void> {
  const { bringUpToDate } = await import('./src/template/tables.js');
  await bringUpToDate(async () => {});
}

main().then(
  () => process.exit(0),
  (error) => fail('the shop could not be set up', error),
);
