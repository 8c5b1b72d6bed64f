/**
 * What several processes of one store share through Redis: events, workflows, locks. Without an address there is
 * one process, and Medusa's own modules, which keep all of it in memory, are the better ones.
 *
 * Medusa asks its cache of queries only when the feature flag `caching` is on, so without that there is none.
 */
export function redisModules(redisUrl: string | undefined, caching: boolean) {
  if (!redisUrl) return [];
  const locks = provider('@medusajs/medusa/locking-redis', 'locking-redis', redisUrl);
  const cache = provider('@medusajs/medusa/caching-redis', 'caching-redis', redisUrl);
  return [
    { resolve: '@medusajs/medusa/event-bus-redis', options: { redisUrl } },
    { resolve: '@medusajs/medusa/workflow-engine-redis', options: { redis: { redisUrl } } },
    { resolve: '@medusajs/medusa/locking', options: { providers: [locks] } },
    ...(caching ? [{ resolve: '@medusajs/medusa/caching', options: { providers: [cache] } }] : []),
  ];
}

function provider(resolve: string, id: string, redisUrl: string) {
  return { resolve, id, is_default: true, options: { redisUrl } };
}
