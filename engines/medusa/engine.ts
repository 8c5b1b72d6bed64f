import { createHmac } from 'node:crypto';
import { need, ORDERS_SECRET, PLACEHOLDERS as P } from '../engine.ts';
import type { Engine, Preparation, PreparePhase, ProcessPlan, Secrets, StoreContext } from '../engine.ts';
import { purchase } from './purchase.ts';

const MEDUSA = '2.21.2';
const MiB = 1024 * 1024;

/** Where the engine's two source folders lie, and a hash of what is in each. */
export interface MedusaSources {
  app: { folder: string; hash: string };
  storefront: { folder: string; hash: string };
  /** A hash of everything that goes into the image and its chart. */
  image: string;
}

/**
 * Shops on our own small Medusa 2 application (`engines/medusa/app`): one build serves all of them, each has a process
 * and a database of its own, cloned from a seeded template. The same process serves the storefront.
 */
export function medusa(sources: MedusaSources): Engine {
  const preparation = prepare(sources);
  return {
    name: 'medusa',
    preparation,
    imageVersion: `${MEDUSA}-${sources.image}`,
    advice: null,
    paths: { storefront: '/', admin: '/app', api: '/store' },
    secrets: (store) => ({
      databasePassword: { kind: 'hex', bytes: 32 },
      jwtSecret: { kind: 'hex', bytes: 32 },
      cookieSecret: { kind: 'hex', bytes: 32 },
      publishableKey: { kind: 'hex', prefix: 'pk_', bytes: 32 },
      adminEmail: { kind: 'text', value: `admin@${store.slug}.store` },
      adminPassword: { kind: 'password' },
      ordersSecret: ORDERS_SECRET,
    }),
    plan: (store, secrets, version) => ({
      store,
      engine: 'medusa',
      engineVersion: version,
      database: { password: need(secrets, 'databasePassword') },
      files: { from: null, folders: ['uploads'] },
      process: processPlan(store, secrets, sources),
      // An empty shop's database has 18 MB; its proof needs that twice more for a moment.
      diskBytes: 80 * MiB,
      release: { chart: 'medusa-store', values: { orders: { url: store.ordersUrl } }, secret: releaseSecret(secrets) },
    }),
    credentials: (store, secrets) => ({
      admin: {
        url: `${store.publicUrl}/app`,
        username: need(secrets, 'adminEmail'),
        password: need(secrets, 'adminPassword'),
      },
      api: { publishableKey: need(secrets, 'publishableKey') },
    }),
    purchase,
  };
}

function prepare({ app, storefront }: MedusaSources): Preparation {
  const version = `${MEDUSA}-${app.hash}`;
  return {
    version,
    parts: [
      // The storefront has a folder of its own, so that a change of it does not build and seed Medusa anew.
      { folder: storefrontFolder(storefront.hash), from: storefront.folder, phases: [] },
      { folder: version, from: app.folder, phases: PHASES },
    ],
    diskBytes: 900 * MiB,
  };
}

/** Weights are the measured shares of 103 + 115 + 30 seconds. */
const PHASES: readonly PreparePhase[] = [
  {
    name: 'install',
    title: 'Installing Medusa',
    command: ['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error'],
    weight: 0.42,
  },
  { name: 'build', title: 'Building the shop and its admin', command: ['npm', 'run', 'build'], weight: 0.46 },
  {
    name: 'seed',
    title: 'Making the template database',
    command: ['npm', 'run', 'template'],
    weight: 0.12,
    database: true,
  },
];

/** What `engines/medusa/app/src/shop/settings.ts` reads, and nothing else. */
function processPlan(store: StoreContext, secrets: Secrets, { storefront }: MedusaSources): ProcessPlan {
  return {
    // A small young generation costs a shop no speed, and saves 50 MB of its 300.
    command: [P.node, '--max-semi-space-size=4', '--max-old-space-size=512', `${P.engineDir}/.medusa/server/server.js`],
    env: {
      NODE_ENV: 'production',
      HOME: P.storeDir,
      HOST: P.host,
      PORT: P.port,
      DATABASE_URL: P.databaseUrl,
      UPLOADS_DIR: `${P.storeDir}/uploads`,
      STOREFRONT_DIR: `${P.engineDir}/../${storefrontFolder(storefront.hash)}`,
      STORE_ID: store.id,
      STORE_NAME: store.name,
      ADMIN_EMAIL: need(secrets, 'adminEmail'),
      ADMIN_PASSWORD: need(secrets, 'adminPassword'),
      PUBLISHABLE_KEY: need(secrets, 'publishableKey'),
      JWT_SECRET: need(secrets, 'jwtSecret'),
      COOKIE_SECRET: need(secrets, 'cookieSecret'),
      ORDERS_URL: store.ordersUrl,
      ORDERS_SECRET: need(secrets, 'ordersSecret'),
      MEDUSA_DISABLE_TELEMETRY: '1',
    },
    healthPath: '/health',
    // Measured: 250 MB after boot, 275 MB after the first purchases.
    memoryBytes: 350 * MiB,
  };
}

/** What `charts/medusa-store` reads of its Secret, and nothing else. */
function releaseSecret(secrets: Secrets): Secrets {
  const databasePassword = need(secrets, 'databasePassword');
  return {
    'database-password': databasePassword,
    // Derived, so that stores have it which were made when there was none.
    'redis-password': createHmac('sha256', databasePassword).update('redis').digest('hex'),
    'jwt-secret': need(secrets, 'jwtSecret'),
    'cookie-secret': need(secrets, 'cookieSecret'),
    'publishable-key': need(secrets, 'publishableKey'),
    'admin-email': need(secrets, 'adminEmail'),
    'admin-password': need(secrets, 'adminPassword'),
    'orders-secret': need(secrets, 'ordersSecret'),
  };
}

function storefrontFolder(hash: string): string {
  return `storefront-${hash}`;
}
