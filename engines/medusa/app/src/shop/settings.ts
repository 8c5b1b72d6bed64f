/** What a store is started with, besides the settings that medusa-config.ts reads. */
export interface Settings {
  host: string;
  port: number;
  databaseUrl: string;
  uploadsDir: string;
  storefrontDir: string;
  identity: Identity;
}

export interface Identity {
  storeName: string;
  adminEmail: string;
  adminPassword: string;
  publishableKey: string;
}

const KEY = /^pk_[0-9a-f]{64}$/;

/** Reads the settings, or throws one error that names all that are missing. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const missing: string[] = [];
  const need = (name: string): string => {
    const value = env[name];
    if (!value) missing.push(name);
    return value ?? '';
  };
  const settings: Settings = {
    host: env.HOST ?? '127.0.0.1',
    port: Number(need('PORT')),
    databaseUrl: need('DATABASE_URL'),
    uploadsDir: need('UPLOADS_DIR'),
    storefrontDir: need('STOREFRONT_DIR'),
    identity: {
      storeName: need('STORE_NAME'),
      adminEmail: need('ADMIN_EMAIL'),
      adminPassword: need('ADMIN_PASSWORD'),
      publishableKey: need('PUBLISHABLE_KEY'),
    },
  };
  need('JWT_SECRET');
  need('COOKIE_SECRET');
  if (missing.length) throw new Error(`missing settings: ${missing.join(', ')}`);
  if (!KEY.test(settings.identity.publishableKey)) throw new Error('PUBLISHABLE_KEY must be pk_ and 64 hex digits');
  return settings;
}
