import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { DatabaseSettings } from '../../src/config.ts';

interface Address {
  host: string;
  port: number;
}

export interface Cuttable<Settings extends Address = DatabaseSettings> {
  settings: Settings;
  /** From now on nothing gets through: what is open ends, what is new is refused. */
  cut(): void;
  mend(): Promise<void>;
  close(): void;
}

/** A way to a server that can be cut, because the server itself belongs to other tests too. */
export async function cuttable<Settings extends Address>(settings: Settings): Promise<Cuttable<Settings>> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(settings.port, settings.host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const cut = (): void => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return {
    settings: { ...settings, host: '127.0.0.1', port },
    cut,
    mend: async () => void (await listen(port)),
    close: cut,
  };
}
