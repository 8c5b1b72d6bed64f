import type { Client } from '@medusajs/framework/pg';

/** Which versions of the image this database has been set up for. It is part of the database, and of every copy of it. */
const TABLE = 'public.shop_setup';

/** True once the database has been set up for this version, also when later ones have followed. */
export async function isSetUp(client: Client, version: string): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(`SELECT to_regclass('${TABLE}') IS NOT NULL AS there`);
  if (!rows[0]?.there) return false;
  const { rowCount } = await client.query(`SELECT FROM ${TABLE} WHERE version = $1`, [version]);
  return rowCount === 1;
}

export async function note(client: Client, version: string): Promise<void> {
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${TABLE} (version text PRIMARY KEY, set_up_at timestamptz NOT NULL DEFAULT now())`,
  );
  await client.query(`INSERT INTO ${TABLE} (version) VALUES ($1) ON CONFLICT DO NOTHING`, [version]);
}
