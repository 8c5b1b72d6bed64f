import './src/shop/prelude';
import net from 'node:net';
import { fail, say } from './src/shop/process';
import { requireSettings } from './src/shop/settings';
import { connect } from './src/setup/connection';
import { patiently } from './src/setup/patience';
import { isSetUp } from './src/setup/versions';

/** Ends well once the store's database is set up for this version of the image, and its Redis, if it has one, answers. */
async function main(): Promise<void> {
  const { DATABASE_URL: url, SHOP_VERSION: version, REDIS_URL: redis } = process.env;
  requireSettings(process.env, ['DATABASE_URL', 'SHOP_VERSION']);
  await patiently(`the set-up of version ${version}`, () => look(url!, version!));
  if (redis) await patiently('Redis', () => reach(new URL(redis)));
  say('the shop is set up', { version });
}

async function look(url: string, version: string): Promise<true | undefined> {
  const client = await connect(url);
  try {
    return (await isSetUp(client, version)) || undefined;
  } finally {
    await client.end();
  }
}

function reach({ hostname, port }: URL): Promise<true> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: hostname, port: Number(port || 6379), timeout: 5000 });
    socket.once('connect', () => socket.end(() => resolve(true)));
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
  });
}

main().then(
  () => process.exit(0),
  (error) => fail('the shop is not set up', error),
);
