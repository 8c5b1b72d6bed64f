import './src/shop/prelude';
import express, { type Express } from 'express';
import { container } from '@medusajs/framework';
import { ContainerRegistrationKeys } from '@medusajs/framework/utils';
import loadMedusa from '@medusajs/medusa/loaders/index';
import { readPlatform } from './src/orders/message';
import { startTelling } from './src/orders/teller';
import { SERVER_DIR } from './src/shop/app-root';
import { reachDatabase } from './src/shop/database';
import { ensureIdentity } from './src/shop/identity';
import * as pages from './src/shop/pages';
import { announce, fail, listen, stopOnSignal } from './src/shop/process';
import { databaseSessions } from './src/shop/sessions';
import { readSettings, type Settings } from './src/shop/settings';

/**
 * One store: its API, its admin, its storefront. `medusa start` would do as well, but it brings the
 * whole command line with it (410 MB instead of 290).
 */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  await reachDatabase(settings.databaseUrl);
  const app = express().disable('x-powered-by');
  addPages(app, settings);
  const medusa = await loadMedusa({ directory: SERVER_DIR, expressApp: app });
  await ensureIdentity(medusa.container, settings.identity, process.env.COOKIE_SECRET!);
  const server = await listen(app, settings);
  const platform = process.env.MEDUSA_WORKER_MODE === 'server' ? null : readPlatform(process.env);
  const telling = platform && startTelling(medusa.container, platform);
  stopOnSignal(server, async () => {
    await telling?.stop();
    await medusa.shutdown();
  });
  announce('store is ready', server);
}

/** Before Medusa's own routes, because the first that answers wins. */
function addPages(app: Express, settings: Settings): void {
  const sql = () => container.resolve(ContainerRegistrationKeys.PG_CONNECTION);
  app.use(pages.securityHeaders);
  app.get('/health', (_req, res) => void res.send('OK'));
  app.get('/health/ready', pages.readiness(sql));
  app.get('/shop.json', pages.shopDescription(container, settings));
  pages.serveStorefront(app, settings);
  app.use(databaseSessions(sql, process.env.COOKIE_SECRET!, settings.identity.publishableKey));
  app.use(pages.refuseForeignPages);
  app.use('/app', pages.adminHeaders);
  pages.servePictures(app, settings);
}

main().catch((error) => fail('store did not start', error));
