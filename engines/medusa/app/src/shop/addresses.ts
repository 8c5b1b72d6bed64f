/**
 * On Kubernetes a store is told host, user and password of its servers one by one: in an address a password may have to
 * be escaped, which no manifest can do. An address that is given as a whole is left alone.
 */
export function composeAddresses(env: NodeJS.ProcessEnv): void {
  if (env.DATABASE_HOST) env.DATABASE_URL ||= databaseAddress(env);
  if (env.REDIS_HOST) env.REDIS_URL ||= redisAddress(env);
}

function databaseAddress(env: NodeJS.ProcessEnv): string {
  const url = new URL(`postgres://${env.DATABASE_HOST}:${env.DATABASE_PORT || 5432}`);
  url.username = encodeURIComponent(env.DATABASE_USER ?? '');
  url.password = encodeURIComponent(env.DATABASE_PASSWORD ?? '');
  url.pathname = encodeURIComponent(env.DATABASE_NAME ?? '');
  // What PostgreSQL's own programs call "require" (encrypt, trust any certificate) Node's driver calls "no-verify".
  const mode = env.DATABASE_SSLMODE === 'require' ? 'no-verify' : env.DATABASE_SSLMODE;
  if (mode && mode !== 'disable') url.searchParams.set('sslmode', mode);
  if (env.DATABASE_CA_FILE) url.searchParams.set('sslrootcert', env.DATABASE_CA_FILE);
  return url.href;
}

function redisAddress(env: NodeJS.ProcessEnv): string {
  const url = new URL(`${env.REDIS_TLS === 'true' ? 'rediss' : 'redis'}://${env.REDIS_HOST}:${env.REDIS_PORT || 6379}`);
  url.username = encodeURIComponent(env.REDIS_USER ?? '');
  url.password = encodeURIComponent(env.REDIS_PASSWORD ?? '');
  return url.href;
}
