import { need, ORDERS_SECRET, PLACEHOLDERS as P } from '../engine.ts';
import type { Engine, Preparation, PreparedPart, ProcessPlan, Secrets, StoreContext } from '../engine.ts';
import { WOOCOMMERCE, WOOCOMMERCE_ASSET, WORDPRESS_ASSET } from './needs.ts';
import { purchase } from './purchase.ts';

const MiB = 1024 * 1024;

/** Where the engine's two source folders lie, and a hash of what is in each. */
export interface WooCommerceSources {
  wordpress: { folder: string; hash: string };
  php: { folder: string; hash: string };
  /** A hash of everything that goes into the image and its chart. */
  image: string;
}

/** The PHP of this machine by its path, or null: then npm brings one, which is slower. */
export interface PhpChoice {
  program: string | null;
  advice: string | null;
}

/**
 * WordPress with WooCommerce on SQLite: one read-only code tree serves all shops of a version, and each has a folder of
 * its own with database, uploads and kept mail, copied from one that was set up once. PHP's own server answers.
 */
export function woocommerce(sources: WooCommerceSources, choice: PhpChoice): Engine {
  const version = `${WOOCOMMERCE}-${sources.wordpress.hash}`;
  const php = phpFor(sources, choice);
  return {
    name: 'woocommerce',
    preparation: prepare(version, sources, php),
    imageVersion: `${WOOCOMMERCE}-${sources.image}`,
    advice: choice.advice,
    paths: { storefront: '/', admin: '/wp-admin/', api: '/wp-json/' },
    secrets: (store) => ({
      databasePassword: { kind: 'hex', bytes: 32 },
      salt: { kind: 'hex', bytes: 32 },
      adminUser: { kind: 'text', value: 'admin' },
      adminEmail: { kind: 'text', value: `admin@${store.slug}.store` },
      adminPassword: { kind: 'password' },
      applicationPassword: { kind: 'password' },
      ordersSecret: ORDERS_SECRET,
    }),
    plan: (store, secrets, storeVersion) => ({
      store,
      engine: 'woocommerce',
      engineVersion: storeVersion,
      database: null,
      files: { from: 'baked', folders: ['database', 'uploads', 'mail', 'logs'] },
      process: processPlan(store, secrets, php),
      // A new shop has 5 MB; its proof copies them for a moment.
      diskBytes: 40 * MiB,
      release: {
        chart: 'woocommerce-store',
        values: { orders: { url: store.ordersUrl } },
        secret: releaseSecret(secrets),
      },
    }),
    credentials: (store, secrets) => ({
      admin: {
        url: `${store.publicUrl}/wp-admin/`,
        username: need(secrets, 'adminUser'),
        password: need(secrets, 'adminPassword'),
      },
      api: { applicationPassword: need(secrets, 'applicationPassword') },
    }),
    purchase,
  };
}

/** How PHP is started, by a store and, beside the folder that is prepared, by its preparation. */
interface Php {
  parts: readonly PreparedPart[];
  forStore: readonly string[];
  settings: Readonly<Record<string, string>>;
  forPreparation: readonly string[];
  memoryBytes: number;
}

function phpFor({ php }: WooCommerceSources, { program }: PhpChoice): Php {
  if (program !== null) {
    return {
      parts: [],
      forStore: [program],
      settings: NATIVE_SETTINGS,
      forPreparation: [program],
      memoryBytes: 300 * MiB,
    };
  }
  const folder = `php-${php.hash}`;
  const install = {
    name: 'php',
    title: 'Installing PHP',
    command: ['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error'],
    weight: 0.3,
  };
  return {
    parts: [{ folder, from: php.folder, phases: [install] }],
    forStore: [P.node, `${P.engineDir}/../${folder}/php.mjs`],
    settings: { open_basedir: `${P.engineDir}:${P.storeDir}` },
    forPreparation: ['node', `../${folder}/php.mjs`],
    // Measured: 420 to 490 MB, and for a moment as much again when it replaces itself.
    memoryBytes: 700 * MiB,
  };
}

function prepare(version: string, { wordpress }: WooCommerceSources, php: Php): Preparation {
  const rest = 1 - php.parts.flatMap((part) => part.phases).reduce((sum, { weight }) => sum + weight, 0);
  return {
    version,
    parts: [
      ...php.parts,
      {
        folder: version,
        from: wordpress.folder,
        phases: [
          {
            name: 'unpack',
            title: 'Fetching and unpacking WordPress and WooCommerce',
            weight: rest * 0.5,
            assets: [
              { asset: WORDPRESS_ASSET, into: '.' },
              { asset: WOOCOMMERCE_ASSET, into: 'wordpress/wp-content/plugins' },
            ],
          },
          {
            name: 'driver',
            title: 'Fetching the SQLite driver',
            weight: rest * 0.1,
            command: ['node', 'driver.mjs'],
          },
          {
            name: 'assemble',
            title: 'Installing WordPress',
            weight: rest * 0.1,
            command: [...php.forPreparation, ...BAKING, 'bake.php', 'install'],
          },
          {
            name: 'bake',
            title: 'Setting up the shop that all begin as',
            weight: rest * 0.3,
            command: [...php.forPreparation, ...BAKING, 'bake.php'],
          },
        ],
      },
    ],
    diskBytes: 600 * MiB,
  };
}

const BAKING = ['-d', 'memory_limit=512M', '-d', 'display_errors=stderr'] as const;

/** What `engines/woocommerce/wordpress/wp-config.php` reads, and nothing else. */
function processPlan(store: StoreContext, secrets: Secrets, php: Php): ProcessPlan {
  return {
    command: [
      ...php.forStore,
      ...Object.entries({ ...SETTINGS, ...php.settings }).flatMap(([name, value]) => ['-d', `${name}=${value}`]),
      '-S',
      `${P.host}:${P.port}`,
      '-t',
      `${P.engineDir}/wordpress`,
      `${P.engineDir}/router.php`,
    ],
    env: {
      PHP_CLI_SERVER_WORKERS: '4',
      STORE_DIR: P.storeDir,
      STORE_ID: store.id,
      STORE_NAME: store.name,
      PUBLIC_URL: store.publicUrl,
      HOST: P.host,
      PORT: P.port,
      ADMIN_USER: need(secrets, 'adminUser'),
      ADMIN_EMAIL: need(secrets, 'adminEmail'),
      ADMIN_PASSWORD: need(secrets, 'adminPassword'),
      APPLICATION_PASSWORD: need(secrets, 'applicationPassword'),
      SALT: need(secrets, 'salt'),
      ORDERS_URL: store.ordersUrl,
      ORDERS_SECRET: need(secrets, 'ordersSecret'),
    },
    healthPath: '/store-platform/health',
    memoryBytes: php.memoryBytes,
    chores: { path: '/wp-cron.php?doing_wp_cron', everySeconds: 60 },
  };
}

/** What `charts/woocommerce-store` reads of its Secret, and nothing else. */
function releaseSecret(secrets: Secrets): Secrets {
  return {
    'database-password': need(secrets, 'databasePassword'),
    salt: need(secrets, 'salt'),
    'admin-user': need(secrets, 'adminUser'),
    'admin-email': need(secrets, 'adminEmail'),
    'admin-password': need(secrets, 'adminPassword'),
    'application-password': need(secrets, 'applicationPassword'),
    'orders-secret': need(secrets, 'ordersSecret'),
  };
}

/**
 * The code never changes under its name, so PHP need not look whether it has. (`open_basedir` would switch the cache of
 * real paths off here; the router script sets it, at the beginning of each request.)
 */
const NATIVE_SETTINGS: Readonly<Record<string, string>> = {
  realpath_cache_size: '4M',
  realpath_cache_ttl: '3600',
  'opcache.validate_timestamps': '0',
};

/** Trap 4: what an administrator's PHP may do. */
const SETTINGS: Readonly<Record<string, string>> = {
  disable_functions:
    'exec,passthru,shell_exec,system,proc_open,popen,pcntl_exec,pcntl_fork,dl,mail,link,symlink,putenv,posix_kill',
  'ffi.enable': '0',
  allow_url_fopen: '0',
  allow_url_include: '0',
  expose_php: '0',
  display_errors: '0',
  log_errors: '1',
  memory_limit: '256M',
  max_execution_time: '60',
  upload_max_filesize: '64M',
  post_max_size: '64M',
  'opcache.enable': '1',
  'opcache.enable_cli': '1',
};
