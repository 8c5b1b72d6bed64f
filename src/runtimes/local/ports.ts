import { createServer } from 'node:net';

/**
 * Ports that belong to stores, remembered where all replicas see them. A released one rests for ten minutes before it is
 * leased again (trap 12).
 */
export interface PortLeases {
  find(storeId: string): Promise<number | null>;
  /** The store's port, or a new one. */
  lease(storeId: string): Promise<number>;
  release(storeId: string): Promise<void>;
}

const CANDIDATES = 20;

/** The port for a store that doesn't run now: its own, or another where somebody else holds that one. */
export async function usablePort(leases: PortLeases, storeId: string): Promise<number> {
  for (let candidate = 1; candidate <= CANDIDATES; candidate += 1) {
    const port = await leases.lease(storeId);
    if (await isFree(port)) return port;
    // It rests now, so the next lease is of another.
    await leases.release(storeId);
  }
  throw new Error(
    `None of ${CANDIDATES} ports was free; other programs use the range of STORE_PORT_MIN to STORE_PORT_MAX.`,
  );
}

/** True when nothing on this machine listens on the port of the loopback address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
