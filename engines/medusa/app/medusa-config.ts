import path from 'node:path';
import { defineConfig, Modules } from '@medusajs/framework/utils';
import { redisModules } from './src/shop/redis';

// Everything that differs between stores comes from the environment, so that one build serves them all.
const env = process.env;

// Ten stores share one PostgreSQL: an idle store holds no connection, a busy one at most eight.
const pool = { min: 0, max: 8, idleTimeoutMillis: 10_000 };

// An empty list keeps CORS closed: storefront and admin are served by the same origin as the API.
const cors = {
  storeCors: env.STORE_CORS ?? '',
  adminCors: env.ADMIN_CORS ?? '',
  authCors: env.AUTH_CORS ?? '',
};

const caching = env.MEDUSA_FF_CACHING === 'true';

const uploads = env.UPLOADS_DIR ?? path.join(process.cwd(), 'uploads');

// The admin shows countries by flags from a CDN. A store asks nobody outside: the server has them under /flags.
const ownFlags = {
  name: 'own-flags',
  renderChunk: (code: string) => code.replaceAll('https://cdn.jsdelivr.net/gh/lipis/flag-icons/flags/4x3/', '/flags/'),
};

export default defineConfig({
  projectConfig: {
    databaseUrl: env.DATABASE_URL,
    databaseDriverOptions: { pool },
    redisUrl: env.REDIS_URL,
    http: {
      ...cors,
      jwtSecret: env.JWT_SECRET,
      cookieSecret: env.COOKIE_SECRET,
      authMethodsPerActor: { user: ['emailpass'], customer: ['emailpass'] },
    },
  },
  // "/" makes the admin call whatever host it was loaded from.
  admin: { backendUrl: '/', path: '/app', vite: () => ({ plugins: [ownFlags] }) },
  modules: [
    {
      resolve: '@medusajs/medusa/file',
      options: {
        providers: [
          {
            // Absolute, because Medusa resolves "./" against the working directory, which is the store's.
            resolve: path.join(__dirname, 'src/modules/relative-files'),
            id: 'local',
            options: {
              upload_dir: path.join(uploads, 'public'),
              private_upload_dir: path.join(uploads, 'private'),
            },
          },
        ],
      },
    },
    // Full-text search by the Store API is not used by our storefront, and its index would be one more thing to restore.
    { key: Modules.SEARCH, disable: true },
    ...redisModules(env.REDIS_URL, caching),
  ],
});
