import './src/shop/prelude';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { container } from '@medusajs/framework';
import { ContainerRegistrationKeys } from '@medusajs/framework/utils';
import loadMedusa from '@medusajs/medusa/loaders/index';
import { SERVER_DIR } from './src/shop/app-root';
import { reachDatabase } from './src/shop/database';
import { ensureIdentity } from './src/shop/identity';
import * as pages from './src/shop/pages';
import { databaseSessions } from './src/shop/sessions';
import { readSettings, type Settings } from './src/shop/settings';

/**
 * One store: its API, its admin, its storefront. `medusa start` would do as well, but it brings the
 * whole command line with it (410 MB instead of 290).
 */
const DRAIN_MS = 5_000;

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  await reachDatabase(settings.databaseUrl);
  const app = express().disable('x-powered-by');
  addPages(app, settings);
  const medusa = await loadMedusa({ directory: SERVER_DIR, expressApp: app });
  await ensureIdentity(medusa.container, settings.identity, process.env.COOKIE_SECRET!);
  const server = await listen(app, settings);
  stopOnSignal(server, medusa.shutdown);
  announce(server);
}

/** Before Medusa's own routes, because the first that answers wins. */
function addPages(app: Express, settings: Settings): void {
  const sql = () => container.resolve(ContainerRegistrationKeys.PG_CONNECTION);
  app.use(pages.securityHeaders);
  app.get('/health', (_req, res) => void res.send('OK'));
  app.get('/shop.json', pages.shopDescription(container, settings));
  pages.serveStorefront(app, settings);
  app.use(databaseSessions(sql, process.env.COOKIE_SECRET!, settings.identity.publishableKey));
  app.use(pages.refuseForeignPages);
  app.use('/app', pages.adminHeaders);
  pages.servePictures(app, settings);
}

function listen(app: Express, { host, port }: Settings): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = http.createServer(app);
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

/** Stops accepting, lets requests finish, closes the pools. What still hangs after five seconds is cut. */
function stopOnSignal(server: Server, closeMedusa: () => Promise<void>): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), DRAIN_MS).unref();
    server.close(() => {
      closeMedusa().then(
        () => process.exit(0),
        (error) => fail('could not close cleanly', error),
      );
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function announce(server: Server): void {
  const { port } = server.address() as AddressInfo;
  const seconds = Number(process.uptime().toFixed(1));
  console.log(JSON.stringify({ level: 'info', message: 'store is ready', port, pid: process.pid, seconds }));
  process.send?.({ type: 'ready' });
}

function fail(message: string, error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(JSON.stringify({ level: 'error', message: `${message}: ${reason}` }));
  process.exit(1);
}

main().catch((error) => fail('store did not start', error));
