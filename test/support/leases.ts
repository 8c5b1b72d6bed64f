import type { PortLeases } from '../../src/runtimes/local/ports.ts';

/** Ports without a database: each is given out once in the life of this process. */
export function memoryLeases(): PortLeases & { last(storeId: string): number | undefined } {
  const held = new Map<string, number>();
  const given = new Map<string, number>();
  // Below the ports that the system gives to outgoing connections (from 32768 on), above those of real stores.
  let next = 25_000 + (process.pid % 70) * 100;
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
