import { connect } from 'node:net';
import type { Endpoint } from '../runtime.ts';

const PATIENCE_MS = 2000;

/** True when something answers there. A Service is known to the API a moment before the nodes lead to it. */
export function isReachable({ host, port }: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PATIENCE_MS });
    const end = (reached: boolean) => (): void => {
      socket.destroy();
      resolve(reached);
    };
    socket.once('connect', end(true));
    socket.once('timeout', end(false));
    socket.once('error', end(false));
  });
}
