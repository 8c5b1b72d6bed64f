import type { ColumnType, Generated } from 'kysely';
import type { OrderChange, OrderEventKind, OrderItem } from '../orders/order.ts';
import type { Activity, EngineName, Operation, Status, StoreUrls } from '../stores/store.ts';

/**
 * The tables of migrations/ as Kysely sees them. Names are in camel case here and in snake case in SQL;
 * the CamelCasePlugin of session.ts is the one place that maps them.
 */
export interface Schema {
  installation: InstallationTable;
  users: UserTable;
  signInLinks: SignInLinkTable;
  sessions: SessionTable;
  apiKeys: ApiKeyTable;
  stores: StoreTable;
  storeEvents: StoreEventTable;
  storeSecrets: StoreSecretTable;
  ports: PortTable;
  storeUsage: StoreUsageTable;
  enginePreparations: EnginePreparationTable;
  idempotencyKeys: IdempotencyKeyTable;
  auditLog: AuditLogTable;
  orphans: OrphanTable;
  orderSources: OrderSourceTable;
  orderSourceSecrets: OrderSourceSecretTable;
  goneOrderSources: GoneOrderSourceTable;
  orderKeys: OrderKeyTable;
  orderBatches: OrderBatchTable;
  orderEvents: OrderEventTable;
  orders: OrderTable;
  orderValues: OrderValueTable;
  orderProducts: OrderProductTable;
  orderFeed: OrderFeedTable;
  orderFeedClock: OrderFeedClockTable;
  orderHeads: OrderHeadTable;
  liveTickets: LiveTicketTable;
}

/** Set by the database when the row is made, and never by hand. */
type MadeAt = ColumnType<Date, never, never>;

/** jsonb is read as a value and written as text: pg would turn a bare array into a PostgreSQL array. */
type OptionalJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;

interface InstallationTable {
  id: Generated<string>;
  createdAt: MadeAt;
}

interface UserTable {
  id: Generated<string>;
  email: string;
  role: 'admin' | 'member';
  passwordHash: string | null;
  suspendedAt: Date | null;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

interface SignInLinkTable {
  tokenHash: Buffer;
  userId: string;
  expiresAt: Date;
  createdAt: MadeAt;
}

interface SessionTable {
  id: Generated<string>;
  tokenHash: Buffer;
  userId: string;
  userAgent: string | null;
  address: string | null;
  expiresAt: Date;
  createdAt: MadeAt;
}

interface ApiKeyTable {
  id: Generated<string>;
  userId: string;
  name: string;
  keyHash: Buffer;
  hint: string;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: MadeAt;
}

interface StoreTable {
  id: Generated<string>;
  userId: string;
  name: string;
  slug: string;
  engine: EngineName;
  status: Generated<Status>;
  activity: Generated<Activity>;
  operation: OptionalJson<Operation>;
  namespace: string;
  urls: OptionalJson<StoreUrls>;
  errorMessage: string | null;
  attempt: Generated<number>;
  engineVersion: string | null;
  upgradeFrom: string | null;
  previousVersion: string | null;
  idempotencyKey: string | null;
  correlationId: string;
  deadlineAt: Date | null;
  readyAt: Date | null;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

interface StoreEventTable {
  id: ColumnType<number, never, never>;
  storeId: string;
  eventType: string;
  message: string;
  metadata: JsonWithDefault<Record<string, unknown>>;
  correlationId: string | null;
  createdAt: MadeAt;
}

interface StoreSecretTable {
  storeId: string;
  name: string;
  keyId: string;
  ciphertext: Buffer;
  createdAt: MadeAt;
}

interface PortTable {
  port: number;
  storeId: string | null;
  releasedAt: ColumnType<Date | null, never, never>;
}

interface StoreUsageTable {
  storeId: string;
  at: Date;
  memoryBytes: number;
  cpuSeconds: number;
  diskBytes: number;
}

/** A download that went into a prepared engine. */
export interface PreparedAsset {
  file: string;
  bytes: number;
  sha256: string;
  source: 'operator' | 'download';
}

interface EnginePreparationTable {
  engine: string;
  version: string;
  status: 'running' | 'ready' | 'failed';
  phase: string | null;
  fraction: Generated<number>;
  message: string | null;
  phases: JsonWithDefault<{ phase: string; ms: number }[]>;
  assets: JsonWithDefault<PreparedAsset[]>;
  startedAt: ColumnType<Date, Date | undefined, Date>;
  updatedAt: MadeAt;
}

interface IdempotencyKeyTable {
  userId: string;
  key: string;
  requestHash: Buffer;
  statusCode: number | null;
  headers: OptionalJson<Record<string, string>>;
  body: OptionalJson<unknown>;
  createdAt: MadeAt;
  expiresAt: Date;
}

interface AuditLogTable {
  id: ColumnType<number, never, never>;
  at: MadeAt;
  actorId: string | null;
  actor: string;
  action: string;
  storeId: string | null;
  subject: string | null;
  address: string | null;
  correlationId: string | null;
  details: JsonWithDefault<Record<string, unknown>>;
}

interface OrphanTable {
  kind: string;
  name: string;
  storeId: string | null;
  firstSeenAt: MadeAt;
  confirmedAt: Date | null;
}

interface OrderSourceTable {
  id: Generated<string>;
  userId: string;
  storeId: ColumnType<string | null, never, never>;
  name: string;
  timeZone: Generated<string>;
  createdAt: MadeAt;
}

interface OrderSourceSecretTable {
  id: Generated<string>;
  sourceId: string;
  keyId: string;
  ciphertext: Buffer;
  createdAt: MadeAt;
  expiresAt: Date | null;
}

interface GoneOrderSourceTable {
  sourceId: string;
  goneAt: MadeAt;
}

interface OrderKeyTable {
  sourceId: string;
  eventId: string;
  receivedAt: MadeAt;
}

interface OrderBatchTable {
  id: ColumnType<number, never, never>;
  receivedAt: MadeAt;
  orders: number;
  sentAt: Date | null;
  attempts: Generated<number>;
  failedAt: Date | null;
  error: string | null;
}

interface OrderEventTable {
  batchId: number;
  sourceId: string;
  event: OrderEventKind;
  eventId: string;
  externalId: string;
  number: string | null;
  currency: string;
  placedAt: Date;
  total: number | null;
  refunded: number | null;
  items: ColumnType<OrderItem[], string, string>;
  receivedAt: Date;
}

interface OrderTable {
  sourceId: string;
  externalId: string;
  number: string | null;
  currency: string;
  placedAt: Date;
  total: number | null;
  refunded: number;
  paid: boolean;
  cancelled: boolean;
  items: ColumnType<OrderItem[], string, string>;
  toldBy: OrderEventKind;
  toldByEvent: string;
}

interface OrderValueTable {
  sourceId: string;
  quarter: Date;
  currency: string;
  value: number;
  orders: number;
}

interface OrderProductTable {
  sourceId: string;
  quarter: Date;
  name: string;
  quantity: number;
}

interface OrderFeedTable {
  seq: number;
  sourceId: string;
  change: ColumnType<OrderChange, string, never>;
  at: MadeAt;
}

interface OrderFeedClockTable {
  seq: number;
}

interface OrderHeadTable {
  sourceId: string;
  seq: number;
}

interface LiveTicketTable {
  tokenHash: Buffer;
  userId: string;
  credentialKind: 'api-key' | 'session' | 'trusted-header';
  credentialId: string | null;
  expiresAt: Date;
}
