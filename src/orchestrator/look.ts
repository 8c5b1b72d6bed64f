import type { Engine, Secrets, StoreContext, StorePlan } from '../../engines/engine.ts';
import type { Config } from '../config.ts';
import type { Tx } from '../db/database.ts';
import { secretContext, type SecretBox } from '../db/secret-box.ts';
import { listSecrets } from '../db/store-secrets.ts';
import { findStore } from '../db/stores.ts';
import type { Observation, StoreRef } from '../runtimes/runtime.ts';
import { storeOrigin, storeUrls } from '../stores/addresses.ts';
import type { Situation } from '../stores/decide.ts';
import type { Store } from '../stores/store.ts';
import { currentVersion } from '../stores/versions.ts';
import type { Context } from './context.ts';

/** A store as it is at this moment: its row, its engine's wishes, and what is there of it. */
export interface Sight {
  store: Store;
  ref: StoreRef;
  /** Null for a store on its way out, which needs none. */
  engine: Engine | null;
  /** Null as long as the store has no secrets. */
  prepared: { plan: StorePlan; secrets: Secrets } | null;
  observation: Observation | null;
  situation: Situation;
}

/** Reads everything that the next action depends on; null when the store is gone. */
export async function look(context: Context, storeId: string): Promise<Sight | null> {
  const known = await context.db.asOrchestrator((tx) => readStore(context, tx, storeId));
  if (known === null) return null;
  const { store, engine, prepared } = known;
  const ref = refOf(store);
  const blind = engine === null || prepared === null || store.status === 'stopped';
  const observation = blind ? null : await context.runtime.observe(ref, prepared.plan);
  const engineReady = blind ? false : await isReady(context, engine, prepared.plan.engineVersion);
  const endpoint = observation?.endpoint ?? null;
  const direct = endpoint && context.runtime.kind === 'local' ? `http://${endpoint.host}:${endpoint.port}` : null;
  const origin = observation?.origin ?? storeOrigin(context.config, store.slug);
  const urls = engine && endpoint ? storeUrls(origin, engine.paths, direct) : null;
  return {
    store,
    ref,
    engine,
    prepared,
    observation,
    situation: { store, seen: observation, engineReady, urls, now: new Date() },
  };
}

/** An older version is not prepared again: its sources are gone. Whether it is still there shows when it is started. */
async function isReady(context: Context, engine: Engine, version: string): Promise<boolean> {
  return (
    version !== currentVersion(context.runtime.kind, engine) ||
    context.runtime.isPrepared(engine.name, engine.preparation)
  );
}

export function refOf({ id, slug, namespace }: Store): StoreRef {
  return { id, slug, namespace };
}

export function storeContext(config: Config, store: Store): StoreContext {
  const { id, name, slug, userId, createdAt } = store;
  return {
    id,
    name,
    slug,
    userId,
    createdAt,
    publicUrl: storeOrigin(config, slug),
    open: store.readyAt !== null,
    ordersUrl: `${config.internalUrl}/api/v1/orders`,
  };
}

async function readStore(
  context: Context,
  tx: Tx,
  storeId: string,
): Promise<Pick<Sight, 'store' | 'engine' | 'prepared'> | null> {
  const store = await findStore(tx, storeId);
  if (store === null) return null;
  // What is on its way out needs no plan: it must go even if its secrets can't be opened any more.
  if (store.status === 'deleting') return { store, engine: null, prepared: null };
  const engine = context.engines[store.engine];
  const about = storeContext(context.config, store);
  const secrets = await openSecrets(tx, context.secrets, store.id, Object.keys(engine.secrets(about)));
  return {
    store,
    engine,
    prepared: secrets && {
      plan: engine.plan(about, secrets, store.engineVersion ?? currentVersion(context.runtime.kind, engine)),
      secrets,
    },
  };
}

/** The store's secrets in clear text; null while one of `names` is missing. */
async function openSecrets(tx: Tx, box: SecretBox, storeId: string, names: string[]): Promise<Secrets | null> {
  const sealed = await listSecrets(tx, storeId);
  const open = sealed.map(
    ({ name, ciphertext }) => [name, box.open(ciphertext, secretContext(storeId, name))] as const,
  );
  const secrets = Object.fromEntries(open);
  return names.every((name) => name in secrets) ? secrets : null;
}
