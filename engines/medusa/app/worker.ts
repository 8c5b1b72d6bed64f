import './src/shop/prelude';
import express from 'express';
import loadMedusa from '@medusajs/medusa/loaders/index';
import { readPlatform } from './src/orders/message';
import { startTelling } from './src/orders/teller';
import { SERVER_DIR } from './src/shop/app-root';
import { reachDatabase } from './src/shop/database';
import { announce, fail, listen, stopOnSignal } from './src/shop/process';
import { listenOn, requireSettings } from './src/shop/settings';

/**
 * A store's work that no shopper waits for: what follows on events, what is due by the clock. It takes it from Redis,
 * where the store's servers (`MEDUSA_WORKER_MODE=server`) leave it, and serves nothing but its own health.
 */
async function main(): Promise<void> {
  requireSettings(process.env, ['PORT', 'DATABASE_URL', 'REDIS_URL', 'JWT_SECRET', 'COOKIE_SECRET', 'UPLOADS_DIR']);
  process.env.MEDUSA_WORKER_MODE = 'worker';
  await reachDatabase(process.env.DATABASE_URL!);
  const app = express().disable('x-powered-by');
  app.get('/health', (_req, res) => void res.send('OK'));
  const medusa = await loadMedusa({ directory: SERVER_DIR, expressApp: app });
  const server = await listen(app, listenOn(process.env));
  const platform = readPlatform(process.env);
  const telling = platform && startTelling(medusa.container, platform);
  stopOnSignal(server, async () => {
    await telling?.stop();
    await medusa.shutdown();
  });
  announce('worker is ready', server);
}

main().catch((error) => fail('worker did not start', error));
