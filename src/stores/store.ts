/** The kinds of shop that the API's schema offers. Whether one can be made here is the engine's word. */
export const ENGINES = ['woocommerce', 'medusa'] as const;
export type EngineName = (typeof ENGINES)[number];

export const STATUSES = ['provisioning', 'ready', 'failed', 'stopped', 'deleting'] as const;
export type Status = (typeof STATUSES)[number];

export const ACTIVITIES = ['awake', 'asleep', 'waking'] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** What the platform is doing with a store right now, or null. Times are ISO 8601 in UTC. */
export interface Operation {
  type: 'provision' | 'repair' | 'upgrade' | 'delete';
  step: string;
  startedAt: string;
  /** How many tries have failed since the operation began, and when the next one is due. Not shown to people. */
  tries?: number;
  retryAt?: string;
}

/** Where people reach a store. `direct` is null where a store has no address of its own (Kubernetes). */
export interface StoreUrls {
  storefront: string;
  admin: string;
  api: string;
  direct: string | null;
}

/** A store as everything inside the platform sees it; the API shows a part of it. */
export interface Store {
  id: string;
  userId: string;
  name: string;
  slug: string;
  engine: EngineName;
  status: Status;
  activity: Activity;
  operation: Operation | null;
  namespace: string;
  urls: StoreUrls | null;
  errorMessage: string | null;
  /** How often provisioning was begun: 1 at creation, one more with each retry. */
  attempt: number;
  /** The version of its engine that it is to run: what it was made with, or was upgraded to. Null until it is chosen. */
  engineVersion: string | null;
  /** While another version is being brought about: the one to go back to, should that fail. */
  upgradeFrom: string | null;
  /** What it ran before its last change of version that came to its end; null where there was none. */
  previousVersion: string | null;
  correlationId: string;
  /** When the provisioning of this attempt, or the change of version, must be done; null until its own first step begins. */
  deadlineAt: Date | null;
  /** When it was first handed over. From then on its data belongs to its owner: never remade, only mended. */
  readyAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}
