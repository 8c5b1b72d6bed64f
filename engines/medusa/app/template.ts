import './src/shop/prelude';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { MedusaModule } from '@medusajs/framework/modules-sdk';
import { MigrationScriptsMigrator } from '@medusajs/framework/migrations';
import type { Logger, MedusaContainer } from '@medusajs/framework/types';
import { ContainerRegistrationKeys } from '@medusajs/framework/utils';
import { migrate } from '@medusajs/medusa/commands/db/migrate';
import loadMedusa, { initializeContainer } from '@medusajs/medusa/loaders/index';
import express from 'express';
import { SERVER_DIR } from './src/shop/app-root';
import { reachDatabase } from './src/shop/database';
import { SESSION_TABLE } from './src/shop/sessions';
import { seed } from './src/template/seed';

/**
 * Turns an empty database into the template that each store is cloned from: tables, then one boot
 * that writes all that a boot writes, then the catalogue. One process instead of the three boots of
 * `db:migrate`, its migration scripts and `medusa exec`. Every part skips what is done already.
 */
async function main(): Promise<void> {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is missing');
  // A worker would start handling events of the seed while the process ends.
  process.env.MEDUSA_WORKER_MODE = 'server';
  // Medusa insists on secrets; nothing that is made here depends on them.
  process.env.JWT_SECRET = process.env.COOKIE_SECRET = randomUUID();
  await reachDatabase(url);
  await createTables();
  const medusa = await loadMedusa({ directory: SERVER_DIR, expressApp: express(), skipLoadingEntryPoints: true });
  await runMigrationScripts(medusa.container);
  await seed(medusa.container);
  await medusa.shutdown();
}

async function createTables(): Promise<void> {
  const container = await initializeContainer(SERVER_DIR);
  const logger: Logger = container.resolve(ContainerRegistrationKeys.LOGGER);
  // executeAllLinks: nobody is there to answer the question whether a link table may be dropped.
  const only = { skipLinks: false, skipScripts: true, skipSearch: true };
  const all = { executeAllLinks: true, executeSafeLinks: false, executeAllSearch: false, executeSafeSearch: false };
  if (!(await migrate({ directory: SERVER_DIR, ...only, ...all, container, logger })))
    throw new Error('migration failed');
  await container.resolve(ContainerRegistrationKeys.PG_CONNECTION).raw(SESSION_TABLE);
  // Modules that were loaded for migrating only would be taken for complete ones.
  MedusaModule.clearInstances();
}

/** Medusa's own data migrations, which would boot the app once more if `migrate` ran them. */
async function runMigrationScripts(container: MedusaContainer): Promise<void> {
  const migrator = new MigrationScriptsMigrator({ container });
  await migrator.ensureMigrationsTable();
  await migrator.run([path.join(path.dirname(require.resolve('@medusajs/medusa')), 'migration-scripts')]);
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
