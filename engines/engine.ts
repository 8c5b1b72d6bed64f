import type { Asset } from '../src/assets/asset.ts';
import type { EngineName } from '../src/stores/store.ts';

/** Secrets of one store by name, in clear text: only the orchestrator holds them, only in memory. */
export type Secrets = Readonly<Record<string, string>>;

/** How a secret is made: all have at least 256 random bits, or are derived text such as a login name. */
export type SecretSpec =
  | { kind: 'hex'; prefix?: string; bytes: number }
  | { kind: 'password' }
  | { kind: 'text'; value: string };

/** What an engine is told about a store and about where it will run. Nothing here is secret. */
export interface StoreContext {
  id: string;
  name: string;
  slug: string;
  /** `http://<slug>.<domain>[:port]`, as people will type it. */
  publicUrl: string;
  userId: string;
  createdAt: Date;
  /** True from its hand-over on. Before, nobody but the platform is to reach it. */
  open: boolean;
  /** Where the shop tells the platform of its orders, signed with its `ordersSecret`. */
  ordersUrl: string;
}

/** One phase of an engine's one-time preparation. */
export type PreparePhase = {
  /** A short verb for progress bars and events: `install`, `build`, `migrate`, `seed`. */
  name: string;
  title: string;
  /** The share of the whole that this phase takes, for an honest progress bar; all parts' phases sum to 1. */
  weight: number;
} & (CommandPhase | AssetsPhase);

/** A command, run in the folder that is being prepared. */
export interface CommandPhase {
  command: readonly string[];
  /** True where the command needs the template database in `DATABASE_URL`. */
  database?: boolean;
}

/** Downloads that are no packages, unpacked into the folder that is being prepared. */
export interface AssetsPhase {
  assets: readonly { asset: Asset; into: string }[];
}

/**
 * A folder of its own in the home, where every store's account may read it. It begins as a copy of `from` (absolute);
 * its phases run in it, one after the other. Its name carries a version or a hash of all that goes into it, so what is
 * there under a name, and finished, is never made again.
 */
export interface PreparedPart {
  folder: string;
  from: string;
  phases: readonly PreparePhase[];
}

/** What has to be made once per version before stores of this engine can be cloned. */
export interface Preparation {
  /** Changes whenever what stores' data stands on changes; names the folder of the last part, and the template. */
  version: string;
  /** In the order in which they are made. Those before the last may serve several versions. */
  parts: readonly PreparedPart[];
  /** Rough need in bytes, checked before it starts (DAY-6). */
  diskBytes: number;
}

/** A process of a store: command, environment and how to see that it serves. */
export interface ProcessPlan {
  command: readonly string[];
  /** Environment by allow-list: nothing of the platform's own is inherited. May hold secrets. */
  env: Readonly<Record<string, string>>;
  /** A path that answers 200 once the process can serve. */
  healthPath: string;
  /** For admission (DAY-6): what one instance needs when warm. */
  memoryBytes: number;
  /** A path to ask for now and then, where the shop's own chores are due only when somebody comes by. */
  chores?: { path: string; everySeconds: number };
}

/** Placeholders that a runtime fills in inside `ProcessPlan.env` and `command`. */
export const PLACEHOLDERS = {
  databaseUrl: '{{databaseUrl}}',
  host: '{{host}}',
  port: '{{port}}',
  /** The folder of the prepared version, read-only; the other parts lie beside it. */
  engineDir: '{{engineDir}}',
  /** The store's own writable folder. */
  storeDir: '{{storeDir}}',
  node: '{{node}}',
} as const;

/**
 * A store as Kubernetes is told of it: a chart, what is special about this store, and the entries of its Secret. What
 * every store's chart understands (name, address, size, image) the runtime says for all engines alike.
 */
export interface ReleasePlan {
  /** A folder of `charts/`. */
  chart: string;
  /** Values that only this engine's chart knows. Nothing secret. */
  values: Readonly<Record<string, unknown>>;
  /** Entries of the Secret whose name the chart is given as `existingSecret`, in clear text. */
  secret: Secrets;
}

/** Everything one store needs, as data. A runtime makes it true; it adds nothing of its own. */
export interface StorePlan {
  store: StoreContext;
  engine: EngineName;
  /** What it was made with, or was upgraded to: a prepared version locally, an image's tag on Kubernetes. */
  engineVersion: string;
  /**
   * The store's own database on the server, cloned from the engine's template, and the password of its own role; null
   * where its data lies in its files alone.
   */
  database: { password: string } | null;
  files: {
    /** A folder of the prepared version that the store's own begins as a copy of, or null: it begins empty. */
    from: string | null;
    /** Folders below the store's own that must exist, such as `uploads`. */
    folders: readonly string[];
  };
  process: ProcessPlan;
  diskBytes: number;
  release: ReleasePlan;
}

/** What the owner gets: the login of the shop's own admin and its API. */
export interface Credentials {
  admin: { url: string; username: string; password: string };
  api: { publishableKey?: string; applicationPassword?: string };
}

/** How to talk to a shop over HTTP, wherever it runs. Rejects when the shop can't be reached. */
export type ShopFetch = (path: string, init?: RequestInit) => Promise<Response>;

/** What a purchase saw, for the event that tells its story. */
export interface PurchaseResult {
  orderId: string;
  /** The number that shoppers see. */
  orderNumber: string;
  /** Each leg's name and duration in milliseconds. */
  legs: { name: string; ms: number }[];
}

/**
 * A kind of shop. Pure, no I/O: it says what is needed, the runtime does it.
 * `purchase` alone talks, and only through the `ShopFetch` it is given.
 */
export interface Engine {
  name: EngineName;
  preparation: Preparation;
  /** The tag of the engine's image, which changes with everything that goes into image and chart (`npm run images`). */
  imageVersion: string;
  /** What would make shops of this kind better on this machine, for its operator; null where nothing would. */
  advice: string | null;
  /** The secrets a store of this kind has, by name. Made once, kept for the store's whole life. */
  secrets(store: StoreContext): Record<string, SecretSpec>;
  /** `version` is the one that the store was made with, which may be older than `preparation`'s. */
  plan(store: StoreContext, secrets: Secrets, version: string): StorePlan;
  credentials(store: Pick<StoreContext, 'publicUrl'>, secrets: Secrets): Credentials;
  /** Paths of the shop's parts below its address, for `urls`. */
  paths: { storefront: string; admin: string; api: string };
  /** Buys one thing with cash on delivery and sees the order in the shop's own admin. Throws with the leg's name. */
  purchase(fetch: ShopFetch, secrets: Secrets, signal: AbortSignal): Promise<PurchaseResult>;
}

/** Signs what a shop tells of its orders, as Standard Webhooks has it: 64 hex digits are base64 as well. */
export const ORDERS_SECRET: SecretSpec = { kind: 'hex', prefix: 'whsec_', bytes: 32 };

/** A secret that `Engine.secrets` has named. */
export function need(secrets: Secrets, name: string): string {
  const value = secrets[name];
  if (value === undefined) throw new Error(`The store has no secret named ${name}.`);
  return value;
}
