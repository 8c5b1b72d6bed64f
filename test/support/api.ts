import { PassThrough } from 'node:stream';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { EngineName } from '../../src/stores/store.ts';
import type { Engine } from '../../engines/engine.ts';
import { createApp, type Api } from '../../src/api/app.ts';
import type { Deps, HealthCheck } from '../../src/api/deps.ts';
import { hashToken, newToken } from '../../src/auth/token.ts';
import { loadConfig, type Config } from '../../src/config.ts';
import { insertApiKey } from '../../src/db/api-keys.ts';
import type { Actor, Database } from '../../src/db/database.ts';
import { createSecretBox } from '../../src/db/secret-box.ts';
import { silentLog, testDatabase, testUser, type TestDatabase } from './database.ts';

export interface Person extends Actor {
  key: string;
}

export interface TestApi extends Api {
  db: Database;
  database: TestDatabase;
  deps: Deps;
  /** What the parts outside the API say about their health; tests change it. */
  checks: Record<string, HealthCheck>;
  /** What the stores' logs hold; tests write to it. */
  logs: PassThrough;
  admin: Person;
  owner: Person;
  otherUser: Person;
  /** A request by somebody, with JSON in and out. */
  as(person: Person | null, method: string, url: string, options?: Ask): Promise<Answer>;
  close(): Promise<void>;
}

interface Ask {
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: LightMyRequestResponse['headers'];
  body: any;
  text: string;
}

/** Settings of a platform whose stores run on Kubernetes; its database is the test's all the same. */
export const ON_KUBERNETES = {
  RUNTIME: 'kubernetes',
  DATABASE_URL: 'postgres://platform@database.invalid/store_platform',
  SECRETS_KEY: '0'.repeat(64),
};

/** Limits high enough that tests which are not about them never meet them. */
const ROOMY = { RATE_LIMIT_PER_MINUTE: '100000', RATE_LIMIT_CREATES_PER_MINUTE: '100000' };

/** The API on a database of the test's own, with an admin and two members. */
export async function testApi(
  options: { env?: Record<string, string>; log?: Logger; poolSize?: number; rebuildOrders?: () => void } = {},
): Promise<TestApi> {
  const database = await testDatabase(options.poolSize === undefined ? {} : { poolSize: options.poolSize });
  const { db } = database;
  const logs = new PassThrough();
  const checks: Record<string, HealthCheck> = {};
  const deps: Deps = {
    config: testConfig(options.env),
    db,
    secrets: createSecretBox(Buffer.alloc(32, 7)),
    engines: { medusa: fakeEngine('medusa'), woocommerce: fakeEngine('woocommerce') },
    logs: { read: async () => logs },
    log: options.log ?? silentLog,
    health: async () => checks,
    backstage: async () => ({
      runtime: 'local',
      queue: { waiting: 2, ageSeconds: 1.5, running: 1, failed: 0 },
      room: { memory: { freeBytes: 1e9, totalBytes: 4e9 }, disk: { freeBytes: 5e9, totalBytes: 9e9 } },
    }),
    metrics: new Registry(),
    rebuildOrders: options.rebuildOrders ?? (() => undefined),
    version: '0.0.0-test',
  };
  const api = await createApp(deps);
  const [admin, owner, otherUser] = await Promise.all([
    testPerson(db, 'admin'),
    testPerson(db, 'member'),
    testPerson(db, 'member'),
  ]);
  return {
    ...api,
    db,
    database,
    deps,
    checks,
    logs,
    admin,
    owner,
    otherUser,
    as: (person, method, url, ask = {}) => inject(api, person, method, url, ask),
    async close() {
      await api.app.close();
      await database.close();
    },
  };
}

function testConfig(env: Record<string, string> = {}): Config {
  return loadConfig({ STORE_PLATFORM_HOME: '/nonexistent', ...ROOMY, ...env });
}

/** Somebody new, with an API key. */
export async function testPerson(db: Database, role: 'admin' | 'member'): Promise<Person> {
  const actor = await testUser(db, role);
  const key = newToken('apiKey');
  await db.asOrchestrator((tx) =>
    insertApiKey(tx, { userId: actor.userId, name: 'test', keyHash: hashToken(key), hint: 'spk_' }),
  );
  return { ...actor, key };
}

async function inject(
  { app }: Api,
  person: Person | null,
  method: string,
  url: string,
  { body, headers }: Ask,
): Promise<Answer> {
  const answer = await app.inject({
    method: method as NonNullable<InjectOptions['method']>,
    url,
    headers: { ...(person && { authorization: `Bearer ${person.key}` }), ...headers },
    ...(body !== undefined && { payload: body as object }),
  });
  const json = String(answer.headers['content-type'] ?? '').includes('json');
  return { status: answer.statusCode, headers: answer.headers, body: json ? answer.json() : null, text: answer.body };
}

const fakeEngine = (name: EngineName): Engine => ({
  name,
  advice: null,
  imageVersion: '1.0.0',
  preparation: { version: '1.0.0', parts: [], diskBytes: 0 },
  secrets: () => ({ adminPassword: { kind: 'password' } }),
  plan: () => {
    throw new Error('The API makes no plans');
  },
  credentials: (store, secrets) => ({
    admin: { url: `${store.publicUrl}/app`, username: 'admin@example.com', password: secrets['adminPassword'] ?? '' },
    api: { publishableKey: 'pk_test' },
  }),
  paths: { storefront: '/', admin: '/app', api: '/store' },
  purchase: () => Promise.reject(new Error('The API buys nothing')),
});
