import type { PreparedAsset } from './schema.ts';
import type { Tx } from './session.ts';

/** How far the one-time preparation of an engine's version is. */
export interface EnginePreparation {
  engine: string;
  version: string;
  status: 'running' | 'ready' | 'failed';
  phase: string | null;
  /** 0 to 1 over the whole. */
  fraction: number;
  message: string | null;
  phases: { phase: string; ms: number }[];
  assets: PreparedAsset[];
  startedAt: Date;
  updatedAt: Date;
}

export async function findPreparation(tx: Tx, engine: string, version: string): Promise<EnginePreparation | null> {
  const row = await tx
    .selectFrom('enginePreparations')
    .selectAll()
    .where('engine', '=', engine)
    .where('version', '=', version)
    .executeTakeFirst();
  return row ?? null;
}

/** All that were ever begun, the latest first. */
export async function listPreparations(tx: Tx): Promise<EnginePreparation[]> {
  return tx.selectFrom('enginePreparations').selectAll().orderBy('startedAt', 'desc').execute();
}

/** Notes that a preparation runs, from its beginning; the durations of an earlier try are forgotten. */
export async function beginPreparation(tx: Tx, engine: string, version: string): Promise<void> {
  const fresh = {
    status: 'running' as const,
    phase: null,
    fraction: 0,
    message: null,
    phases: '[]',
    assets: '[]',
    startedAt: new Date(),
  };
  await tx
    .insertInto('enginePreparations')
    .values({ engine, version, ...fresh })
    .onConflict((conflict) => conflict.columns(['engine', 'version']).doUpdateSet(fresh))
    .execute();
}

export async function updatePreparation(
  tx: Tx,
  engine: string,
  version: string,
  patch: {
    status?: 'running' | 'ready' | 'failed';
    phase?: string | null;
    fraction?: number;
    message?: string | null;
    phases?: { phase: string; ms: number }[];
    assets?: PreparedAsset[];
  },
): Promise<void> {
  const { phases, assets, message, ...plain } = patch;
  await tx
    .updateTable('enginePreparations')
    .set({
      ...plain,
      ...(message !== undefined && { message: message?.slice(0, 1000) ?? null }),
      ...(phases && { phases: JSON.stringify(phases) }),
      ...(assets && { assets: JSON.stringify(assets) }),
    })
    .where('engine', '=', engine)
    .where('version', '=', version)
    .execute();
}
