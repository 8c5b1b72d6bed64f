import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';

/** A whole number in a range, from text. */
const int = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** A switch that is on as long as nobody turns it off. */
const feature = z
  .enum(['true', 'false'])
  .default('true')
  .transform((text) => text === 'true');

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

const ROLES = ['api', 'worker', 'gateway', 'orders'] as const;

/** A cluster role and the service account that gets it in each store's namespace. */
const BINDING = /^[a-z0-9.-]+:[a-z0-9-]+\/[a-z0-9.-]+$/;

/**
 * Every setting, its default and its limits; `.env.example` lists the same (a test compares them).
 * Names are those of requirements API-13 and of the design's contract.
 */
const Settings = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  STORE_PLATFORM_HOME: z.string().optional(),
  STORE_PLATFORM_ASSETS: z.string().optional(),
  STORE_PLATFORM_ASSETS_URL: z.url({ protocol: /^https?$/ }).default('https://downloads.wordpress.org'),
  STORE_PLATFORM_PHP: z
    .string()
    .refine((text) => text === 'npm' || isAbsolute(text), 'must be the absolute path of a program, or npm')
    .optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: int(0, 65535).default(3001),
  METRICS_PORT: int(1, 65535).optional(),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  STOP_DELAY_SECONDS: int(0, 15).default(0),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  INTERNAL_URL: z.url({ protocol: /^https?$/ }).optional(),
  STORE_DOMAIN: z
    .string()
    .regex(/^[a-z0-9.-]+$/, 'must be a domain name in lower case')
    .default('localhost'),
  ROLES: list.pipe(z.array(z.enum(ROLES)).min(1)).default([...ROLES]),
  RUNTIME: z.enum(['local', 'kubernetes']).default('local'),
  HELM: z.string().min(1).default('helm'),
  STORE_VALUES_FILE: z
    .string()
    .refine((text) => isAbsolute(text), 'must be an absolute path')
    .optional(),
  STORE_ROLE_BINDINGS: list
    .pipe(
      z.array(
        z.string().regex(BINDING, 'must be <cluster role>:<namespace>/<service account>, several with commas between'),
      ),
    )
    .default([]),
  FEATURE_STORE_CREATION: feature,
  FEATURE_UPGRADES: feature,
  AUTH_MODE: z.enum(['local', 'jwt', 'trusted-header']).default('local'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DB_HOST: z.string().min(1).optional(),
  DB_PORT: int(1, 65535).default(5432),
  DB_NAME: z.string().min(1).default('store_platform'),
  DB_USER: z.string().min(1).default('store_platform'),
  DB_PASSWORD: z.string().optional(),
  DB_POOL_SIZE: int(2, 200).default(10),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  SECRETS_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits: openssl rand -hex 32')
    .optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  ALLOWED_ORIGINS: list.pipe(z.array(z.url({ protocol: /^https?$/ }))).default([]),
  TRUSTED_PROXIES: list.default([]),
  RATE_LIMIT_PER_MINUTE: int(1, 1_000_000).default(100),
  RATE_LIMIT_CREATES_PER_MINUTE: int(1, 1_000_000).default(5),
  RATE_LIMIT_ORDERS_PER_SECOND: int(1, 1_000_000).default(10_000),
  LIVE_CONNECTIONS_PER_USER: int(1, 100_000).default(50),
  ORDERS_RETENTION_DAYS: int(1, 3650).default(400),
  MAX_STORES_PER_USER: int(1, 100_000).default(10),
  MIN_POLL_INTERVAL_MS: int(100, 3_600_000).default(5000),
  MAX_POLL_INTERVAL_MS: int(100, 3_600_000).default(30_000),
  WORKER_CONCURRENCY: int(1, 100).default(4),
  PROVISION_TIMEOUT_SECONDS: int(10, 86_400).default(900),
  STORE_PORT_MIN: int(1024, 65535).default(20_000),
  STORE_PORT_MAX: int(1024, 65535).default(24_999),
});

/** The names of all settings. */
export const SETTINGS: readonly string[] = Object.keys(Settings.shape);

/** Where PostgreSQL is; null means the embedded one. */
export interface DatabaseSettings {
  host: string;
  port: number;
  name: string;
  user: string;
  password: string | undefined;
  ssl: boolean;
}

export type Config = Readonly<
  Omit<z.infer<typeof Settings>, 'STORE_PLATFORM_HOME' | 'STORE_PLATFORM_ASSETS' | 'PUBLIC_URL' | 'INTERNAL_URL'> & {
    home: string;
    assets: string;
    /** The platform's own address as people type it, without a trailing slash. */
    publicUrl: string;
    /** Where stores reach the platform, without a trailing slash. */
    internalUrl: string;
    database: DatabaseSettings | null;
  }
>;

/** All that is wrong with the environment, one line each, so that it can be mended in one go (API-13). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the environment into a frozen Config. Throws ConfigError that names every wrong setting.
 * An empty value counts as unset, as compose files and charts write it.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Settings.safeParse(given);
  const problems = parsed.success ? contradictions(parsed.data) : parsed.error.issues.map(describe);
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(
      `These settings are wrong:\n${problems.map((line) => `  ${line}`).join('\n')}\nSee .env.example.`,
    );
  }
  const { STORE_PLATFORM_HOME, STORE_PLATFORM_ASSETS, PUBLIC_URL, INTERNAL_URL, ...settings } = parsed.data;
  const home = STORE_PLATFORM_HOME ?? defaultHome();
  return Object.freeze({
    ...settings,
    home,
    assets: STORE_PLATFORM_ASSETS ?? join(home, 'assets'),
    publicUrl: (PUBLIC_URL ?? `http://localhost:${settings.PORT}`).replace(/\/+$/, ''),
    internalUrl: (INTERNAL_URL ?? `http://${reachable(settings.HOST)}:${settings.PORT}`).replace(/\/+$/, ''),
    database: databaseSettings(settings),
  });
}

/** An address of this machine at which one that listens on `host` answers. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** Root's home folder is closed to the unprivileged accounts that PostgreSQL and the stores run as. */
export function defaultHome(): string {
  return process.getuid?.() === 0 ? '/var/lib/store-platform' : resolve(homedir(), '.store-platform');
}

function describe(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.')}: ${issue.message}`;
}

/** What no single field can tell. */
function contradictions(settings: z.infer<typeof Settings>): string[] {
  const problems: string[] = [];
  if (settings.MIN_POLL_INTERVAL_MS > settings.MAX_POLL_INTERVAL_MS) {
    problems.push('MIN_POLL_INTERVAL_MS: must not be greater than MAX_POLL_INTERVAL_MS');
  }
  if (settings.STORE_PORT_MIN > settings.STORE_PORT_MAX) {
    problems.push('STORE_PORT_MIN: must not be greater than STORE_PORT_MAX');
  }
  if (settings.STORE_PLATFORM_HOME !== undefined && !isAbsolute(settings.STORE_PLATFORM_HOME)) {
    problems.push('STORE_PLATFORM_HOME: must be an absolute path');
  }
  if (settings.AUTH_MODE === 'jwt') problems.push('AUTH_MODE: jwt is not available yet; use local or trusted-header');
  if (settings.RUNTIME === 'kubernetes') problems.push(...missingForKubernetes(settings));
  if (settings.AUTH_MODE === 'trusted-header' && settings.TRUSTED_PROXIES.length === 0) {
    problems.push('TRUSTED_PROXIES: must name the authenticating proxy when AUTH_MODE is trusted-header');
  }
  return problems;
}

/** A pod's own disk is gone with it: what replicas share can't be made at the first start. */
function missingForKubernetes({ DATABASE_URL, DB_HOST, SECRETS_KEY }: z.infer<typeof Settings>): string[] {
  const problems: string[] = [];
  if (!DATABASE_URL && !DB_HOST) problems.push('DATABASE_URL: must be set when RUNTIME is kubernetes');
  if (!SECRETS_KEY) problems.push('SECRETS_KEY: must be set when RUNTIME is kubernetes (openssl rand -hex 32)');
  return problems;
}

function databaseSettings(settings: z.infer<typeof Settings>): DatabaseSettings | null {
  if (settings.DATABASE_URL) return fromUrl(new URL(settings.DATABASE_URL));
  if (!settings.DB_HOST) return null;
  return {
    host: settings.DB_HOST,
    port: settings.DB_PORT,
    name: settings.DB_NAME,
    user: settings.DB_USER,
    password: settings.DB_PASSWORD,
    ssl: false,
  };
}

function fromUrl(url: URL): DatabaseSettings {
  const mode = url.searchParams.get('sslmode') ?? 'disable';
  return {
    host: decodeURIComponent(url.hostname),
    port: Number(url.port || 5432),
    name: decodeURIComponent(url.pathname.slice(1)) || 'store_platform',
    user: decodeURIComponent(url.username) || 'store_platform',
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    ssl: mode !== 'disable',
  };
}
