import type { Readable } from 'node:stream';
import type { Preparation, StorePlan } from '../../engines/engine.ts';
import type { AssetFile } from '../assets/assets.ts';

/**
 * The names under which a runtime knows one store; enough to find and remove all of it without a plan.
 * Of an orphan only the id is known: its `slug` and `namespace` are empty, and the runtime finds the rest by the id.
 */
export interface StoreRef {
  id: string;
  slug: string;
  namespace: string;
}

export interface Endpoint {
  host: string;
  port: number;
}

/** What is there of a store at this moment: facts, read afresh, never remembered. */
export interface Observation {
  /** The first step whose result is missing, in the runtime's own order; null when all of it is there and healthy. */
  missing: string | null;
  /**
   * True when making `missing` would put the engine's template where the store's own data has been (its database,
   * its uploads). Right for a store that is being made; never done to one that was handed over.
   */
  dataMissing: boolean;
  /** Where it answers, when it does. */
  endpoint: Endpoint | null;
  /** The address that people reach it by, where the runtime itself leads them there; null where the gateway does. */
  origin: string | null;
  /** A copy of the data from before a purchase, left by a proof that was interrupted. */
  checkpoint: boolean;
  /**
   * Why it does not come up in the plan's version, in words its owner can act on; null while nothing is known to be
   * wrong, and as long as nothing of that version is there: what another version suffers from does not count.
   */
  trouble: { message: string; terminal: boolean } | null;
}

/** Memory and processor time of one store. */
export interface Usage {
  at: Date;
  memoryBytes: number;
  /** Processor seconds used since the process started. */
  cpuSeconds: number;
  diskBytes: number;
}

/** How much there is for all stores together, and how much of it is left. */
export interface Room {
  memory: { freeBytes: number; totalBytes: number };
  disk: { freeBytes: number; totalBytes: number };
}

/** Something on the machine or cluster that carries this installation's id. */
export interface Resource {
  kind: 'process' | 'database' | 'role' | 'folder' | 'namespace' | 'volume';
  name: string;
  /** The store it was made for, as the resource itself says. */
  storeId: string;
  /** Since when it has been there, as far as can be told. */
  since: Date | null;
  /** Why it does not go, where something says so. */
  reason?: string;
}

export interface PrepareProgress {
  phase: string;
  title: string;
  /** 0 to 1 over the whole preparation. */
  fraction: number;
}

/** What went into a prepared engine. */
export interface Prepared {
  /** Each phase's duration. */
  phases: { phase: string; ms: number }[];
  assets: Omit<AssetFile, 'path'>[];
}

/**
 * Where stores run. Every method may be interrupted at any instant and called again by any replica with the
 * same end; what is already as wanted is left alone. Errors are `TerminalError` where another try is useless.
 */
export interface Runtime {
  readonly kind: 'local' | 'kubernetes';

  /** Starts watching; adopts what survived a crash. Resolves when observations are true. */
  start(): Promise<void>;
  /** Stops everything that lives only as long as this host, gracefully; data stays. */
  stop(): Promise<void>;

  /** Makes an engine ready to be cloned; resumes where an earlier try ended. */
  prepare(
    engine: string,
    preparation: Preparation,
    onProgress: (progress: PrepareProgress) => void,
    signal: AbortSignal,
  ): Promise<Prepared>;
  isPrepared(engine: string, preparation: Preparation): Promise<boolean>;

  /** Null when the plan fits this machine, otherwise the figures in words (DAY-6). */
  admit(plan: StorePlan): Promise<string | null>;

  observe(ref: StoreRef, plan: StorePlan): Promise<Observation>;
  /** Makes the result of one step that `observe` named missing. */
  apply(step: string, ref: StoreRef, plan: StorePlan, signal: AbortSignal): Promise<void>;

  /**
   * Lets people in: before, nobody but the platform reaches the store. Resolves when its address leads to it, with that
   * address where the runtime knows it, null where the gateway leads there once the store is `ready`.
   */
  open(ref: StoreRef, plan: StorePlan, signal: AbortSignal): Promise<string | null>;

  /** Copies the store's data, so that `rollback` can put everything back as it was. */
  checkpoint(ref: StoreRef, plan: StorePlan, signal: AbortSignal): Promise<void>;
  /** Puts the data back to the checkpoint under the running store, and removes the checkpoint. */
  rollback(ref: StoreRef, plan: StorePlan, signal: AbortSignal): Promise<void>;

  /** Removes everything of a store, then looks; returns what could not be removed (empty: nothing is left). */
  remove(ref: StoreRef): Promise<Resource[]>;
  /** Stops what runs for a store and leaves its data. */
  halt(ref: StoreRef): Promise<void>;

  /** All resources of this installation, for finding those that belong to no store. */
  resources(): Promise<Resource[]>;

  usage(ref: StoreRef): Promise<Usage | null>;
  /** Null where no one place has to hold all stores. */
  room(): Promise<Room | null>;
  /** The store's own output, oldest first: the last `tail` lines, and with `follow` what comes, until aborted. */
  logs(ref: StoreRef, options: { tail: number; follow: boolean; signal: AbortSignal }): Promise<Readable>;

  /** Calls back with a store's id when something about it changed by itself (a process ended, a pod turned ready). */
  onChange(listener: (storeId: string) => void): void;
}
