import type { PortLeases } from '../../src/runtimes/local/ports.ts';

/** Ports without a database: each is given out once in the life of this process. */
export function memoryLeases(): PortLeases & { last(storeId: string): number | undefined } {
  const held = new Map<string, number>();
  const given = new Map<string, number>();
  // Below those of real stores (from 20000 on) and of embedded databases (from 25000 on), which run beside the tests.
  let next = 13_000 + (process.pid % 60) * 100;
  return {
    find: async (storeId) => held.get(storeId) ?? null,
    async lease(storeId) {
      const port = held.get(storeId) ?? next++;
      held.set(storeId, port);
      given.set(storeId, port);
      return port;
    },
    release: async (storeId) => void held.delete(storeId),
    last: (storeId) => given.get(storeId),
  };
}
