/** What a store is started with, besides the settings that medusa-config.ts reads. */
export interface Settings extends Address {
  databaseUrl: string;
  uploadsDir: string;
  storefrontDir: string;
  identity: Identity;
}

export interface Address {
  host: string;
  port: number;
}

export interface Identity {
  storeName: string;
  adminEmail: string;
  adminPassword: string;
  publishableKey: string;
}

const NEEDED = [
  'PORT',
  'DATABASE_URL',
  'UPLOADS_DIR',
  'STOREFRONT_DIR',
  'STORE_NAME',
  'ADMIN_EMAIL',
  'ADMIN_PASSWORD',
  'PUBLISHABLE_KEY',
  'JWT_SECRET',
  'COOKIE_SECRET',
];

const KEY = /^pk_[0-9a-f]{64}$/;

/** Reads the settings, or throws one error that names all that are missing. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  requireSettings(env, NEEDED);
  const publishableKey = env.PUBLISHABLE_KEY!;
  if (!KEY.test(publishableKey)) throw new Error('PUBLISHABLE_KEY must be pk_ and 64 hex digits');
  return {
    ...listenOn(env),
    databaseUrl: env.DATABASE_URL!,
    uploadsDir: env.UPLOADS_DIR!,
    storefrontDir: env.STOREFRONT_DIR!,
    identity: {
      storeName: env.STORE_NAME!,
      adminEmail: env.ADMIN_EMAIL!,
      adminPassword: env.ADMIN_PASSWORD!,
      publishableKey,
    },
  };
}

/** Throws one error that names all settings that are missing. */
export function requireSettings(env: NodeJS.ProcessEnv, names: string[]): void {
  const missing = names.filter((name) => !env[name]);
  if (missing.length) throw new Error(`missing settings: ${missing.join(', ')}`);
}

export function listenOn(env: NodeJS.ProcessEnv): Address {
  return { host: env.HOST ?? '127.0.0.1', port: Number(env.PORT) };
}
