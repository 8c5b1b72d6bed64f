import path from 'node:path';
import { MigrationScriptsMigrator } from '@medusajs/framework/migrations';
import { MedusaModule } from '@medusajs/framework/modules-sdk';
import type { Logger, MedusaContainer } from '@medusajs/framework/types';
import { ContainerRegistrationKeys } from '@medusajs/framework/utils';
import { migrate } from '@medusajs/medusa/commands/db/migrate';
import loadMedusa, { initializeContainer } from '@medusajs/medusa/loaders/index';
import express from 'express';
import { TOLD_TABLE } from '../orders/untold';
import { SERVER_DIR } from '../shop/app-root';
import { SESSION_TABLE } from '../shop/sessions';

/**
 * Brings the database of `DATABASE_URL`, empty or of an earlier version, to what this version needs: tables, then one
 * boot that writes all that a boot writes. Calls `work` while the app is loaded. One process instead of the three boots
 * of `db:migrate`, its migration scripts and `medusa exec`. Every part skips what is done already.
 */
export async function bringUpToDate(work: (container: MedusaContainer) => Promise<void>): Promise<void> {
  // A worker would start handling events while the process ends.
  process.env.MEDUSA_WORKER_MODE = 'server';
  await createTables();
  const medusa = await loadMedusa({ directory: SERVER_DIR, expressApp: express(), skipLoadingEntryPoints: true });
  await runMigrationScripts(medusa.container);
  await work(medusa.container);
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
  const sql = container.resolve(ContainerRegistrationKeys.PG_CONNECTION);
  for (const table of [SESSION_TABLE, TOLD_TABLE]) await sql.raw(table);
  // Modules that were loaded for migrating only would be taken for complete ones.
  MedusaModule.clearInstances();
}

/** Medusa's own data migrations, which would boot the app once more if `migrate` ran them. */
async function runMigrationScripts(container: MedusaContainer): Promise<void> {
  const migrator = new MigrationScriptsMigrator({ container });
  await migrator.ensureMigrationsTable();
  await migrator.run([path.join(path.dirname(require.resolve('@medusajs/medusa')), 'migration-scripts')]);
}
