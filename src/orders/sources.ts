import type { Logger } from 'pino';
import type { Database, Tx } from '../db/database.ts';
import { findSourceAndStore, listSourceSecrets } from '../db/order-sources.ts';
import { secretContext, type SecretBox } from '../db/secret-box.ts';
import { listSecrets } from '../db/store-secrets.ts';

/** What must be known about a source to take orders from it. */
export interface SourceInfo {
  id: string;
  userId: string;
  storeId: string | null;
  name: string;
  timeZone: string;
  /**
   * A store buys in itself before it is handed over: what it signs counts from this time on. Null: always;
   * 'never': not yet.
   */
  countsFrom: Date | null | 'never';
}

export interface Sources {
  /** The source, or null when there is none. */
  find(id: string): Promise<SourceInfo | null>;
  /** The secrets by which it signs now; none for a source that does not exist. */
  secretsOf(id: string): Promise<string[]>;
  close(): Promise<void>;
}

/** By this name a store's secret is kept among its others. */
export const ORDERS_SECRET = 'ordersSecret';

interface Known {
  info: SourceInfo;
  secrets: { text: string; expiresAt: Date | null }[];
}

interface Entry {
  known: Promise<Known | null>;
  until: number;
}

/** Changes are announced; this only limits the damage should an announcement be lost. */
const BELIEVED_MS = 30_000;
const WITHOUT_SECRETS_MS = 1000;
const CACHE_LIMIT = 20_000;

/** Remembers sources and their secrets, so that taking in an order costs no query about where it is from. */
export async function createSources(db: Database, secrets: SecretBox, log: Logger): Promise<Sources> {
  const cache = new Map<string, Entry>();
  const stopListening = await db.listen(
    'order_source',
    (id) => cache.delete(id),
    () => {
      log.debug('Changes of order sources may have been missed: asking the database again');
      cache.clear();
    },
  );

  function load(id: string): Promise<Known | null> {
    const found = cache.get(id);
    if (found && found.until > Date.now()) return found.known;
    const entry: Entry = { known: db.asOrchestrator((tx) => read(tx, secrets, id)), until: Date.now() + BELIEVED_MS };
    // Kept while it is on its way, too: whoever asks meanwhile shares it, and an announcement drops it.
    if (cache.size >= CACHE_LIMIT) cache.clear();
    cache.set(id, entry);
    void limit(id, entry);
    return entry.known;
  }

  async function limit(id: string, entry: Entry): Promise<void> {
    const known = await entry.known.catch(() => null);
    // Ids cost nothing to invent, so those that name nothing are not kept; nor is a store that is about to be handed over,
    // whose first order may come before the announcement does.
    const isFleeting = known === null || known.info.countsFrom === 'never';
    if (isFleeting && cache.get(id) === entry) cache.delete(id);
    // A store's secret is made after its source, unannounced.
    else if (known?.secrets.length === 0) entry.until = Date.now() + WITHOUT_SECRETS_MS;
  }

  return {
    find: async (id) => (await load(id))?.info ?? null,
    async secretsOf(id) {
      const known = await load(id);
      const now = new Date();
      return (known?.secrets ?? [])
        .filter((one) => one.expiresAt === null || one.expiresAt > now)
        .map((one) => one.text);
    },
    close: stopListening,
  };
}

async function read(tx: Tx, box: SecretBox, id: string): Promise<Known | null> {
  const source = await findSourceAndStore(tx, id);
  if (!source) return null;
  const { readyAt, userId, storeId, name, timeZone } = source;
  const countsFrom = storeId === null ? null : (readyAt ?? 'never');
  const secrets = storeId === null ? await secretsOfSource(tx, box, id) : await secretsOfStore(tx, box, storeId);
  return { info: { id: source.id, userId, storeId, name, timeZone, countsFrom }, secrets };
}

async function secretsOfStore(tx: Tx, box: SecretBox, storeId: string): Promise<Known['secrets']> {
  const sealed = (await listSecrets(tx, storeId)).filter(({ name }) => name === ORDERS_SECRET);
  return sealed.map(({ name, ciphertext }) => ({
    text: box.open(ciphertext, secretContext(storeId, name)),
    expiresAt: null,
  }));
}

async function secretsOfSource(tx: Tx, box: SecretBox, sourceId: string): Promise<Known['secrets']> {
  const sealed = await listSourceSecrets(tx, sourceId);
  return sealed.map(({ id, ciphertext, expiresAt }) => ({
    text: box.open(ciphertext, sourceSecretContext(sourceId, id)),
    expiresAt,
  }));
}

/** What a secret of a source that is no store is sealed for. */
export function sourceSecretContext(sourceId: string, secretId: string): string {
  return `order source ${sourceId} ${secretId}`;
}
