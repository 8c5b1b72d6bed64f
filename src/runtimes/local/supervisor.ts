import type { Logger } from 'pino';
import { Keeper } from './keeper.ts';
import { storeFolders } from './folders.ts';
import type { Marker } from './folders.ts';
import type { Launch, ProcessRecord } from './launch.ts';
import { lastWords } from './last-words.ts';
import { rotate } from './logs.ts';
import { endProcesses } from './processes.ts';
import { processesOf, storeProcesses } from './store-processes.ts';
import type { Whose } from './store-processes.ts';

const LOOK_MS = 1000;
const ROTATE_EVERY = 10; // looks
const GRACE_MS = 10_000;

/** Keeps all stores' processes running, each by a keeper of its own. */
export interface Supervisor {
  /** From now on this store's process is kept running, started as `launch` says. */
  keep(store: StoreName, launch: () => Promise<Launch>): Keeper;
  find(storeId: string): Keeper | null;
  /** Takes over a process that survived the platform. */
  adopt(store: StoreName, record: ProcessRecord): void;
  /** Ends a store's processes, gracefully at first, and forgets it. Also what this supervisor has never seen. */
  end(storeId: string): Promise<void>;
  /** Ends all of them, at once. */
  endAll(): Promise<void>;
  onChange(listener: (storeId: string) => void): void;
}

type StoreName = Pick<Marker, 'storeId' | 'slug'>;

export function makeSupervisor(
  whose: Whose,
  options: { log: Logger; databaseReachable: () => Promise<boolean> },
): Supervisor {
  const keepers = new Map<string, { keeper: Keeper; logFile: string }>();
  const listeners: ((storeId: string) => void)[] = [];
  let looks = 0;

  const timer = setInterval(() => {
    looks += 1;
    for (const { keeper, logFile } of keepers.values()) {
      keeper.check().catch((error: unknown) => options.log.error({ err: error }, 'looking after a process failed'));
      if (looks % ROTATE_EVERY !== 0) continue;
      rotate(logFile).catch((error: unknown) => options.log.warn({ err: error }, 'a log could not be rotated'));
    }
  }, LOOK_MS);
  timer.unref();

  function keeperOf({ storeId, slug }: StoreName): Keeper {
    const known = keepers.get(storeId);
    if (known) return known.keeper;
    const folders = storeFolders(whose.home, slug);
    const keeper = new Keeper({
      log: options.log.child({ storeId }),
      processFile: folders.processFile,
      clear: () => endProcesses(() => processesOf(whose, storeId), GRACE_MS),
      databaseReachable: options.databaseReachable,
      lastWords: () => lastWords(folders.log, whose.home),
      changed: () => listeners.forEach((listener) => listener(storeId)),
    });
    keepers.set(storeId, { keeper, logFile: folders.log });
    return keeper;
  }

  const supervisor: Supervisor = {
    keep(store, launch) {
      const keeper = keeperOf(store);
      keeper.use(launch);
      return keeper;
    },
    find: (storeId) => keepers.get(storeId)?.keeper ?? null,
    adopt: (store, record) => keeperOf(store).adopt(record),
    async end(storeId) {
      keepers.get(storeId)?.keeper.letGo();
      keepers.delete(storeId);
      await endProcesses(() => processesOf(whose, storeId), GRACE_MS);
    },
    async endAll() {
      clearInterval(timer);
      for (const { keeper } of keepers.values()) keeper.letGo();
      keepers.clear();
      await endProcesses(() => storeProcesses(whose), GRACE_MS);
    },
    onChange: (listener) => void listeners.push(listener),
  };
  return supervisor;
}
