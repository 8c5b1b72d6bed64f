import { Client, type Notification } from 'pg';
import type { Logger } from 'pino';
import type { DatabaseSettings } from '../config.ts';
import { errorText } from '../errors.ts';
import { clientConfig } from './client-config.ts';

/** One connection that is opened again whenever it is lost, 0.1 s to 5 s apart. */
export interface SteadyConnection {
  /** Opens it unless it is open. Resolves after the first try, whether or not that succeeded. */
  open(): Promise<void>;
  isOpen(): boolean;
  close(): Promise<void>;
}

export interface SteadyOptions {
  /** Statements that each new connection begins with. */
  setUp: string;
  onOpen(): void;
  onNotification(notification: Notification): void;
}

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

export function steadyConnection(settings: DatabaseSettings, options: SteadyOptions, log: Logger): SteadyConnection {
  let client: Client | null = null;
  let opening: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let closed = false;

  function open(): Promise<void> {
    if (client || timer) return Promise.resolve();
    opening ??= tryToOpen().finally(() => {
      opening = null;
    });
    return opening;
  }

  async function tryToOpen(): Promise<void> {
    let fresh: Client;
    try {
      fresh = await connect(settings, options);
    } catch (error) {
      lost(errorText(error));
      return;
    }
    if (closed) return fresh.end();
    fresh.once('end', () => lost('it has ended'));
    client = fresh;
    failures = 0;
    options.onOpen();
  }

  function lost(reason: string): void {
    client = null;
    if (closed) return;
    log.warn({ reason }, 'The connection for notifications of the database was lost; opening another');
    const wait = Math.min(FIRST_DELAY_MS * 2 ** failures, LONGEST_DELAY_MS);
    failures += 1;
    timer = setTimeout(() => {
      timer = undefined;
      void open();
    }, wait);
  }

  return {
    open,
    isOpen: () => client !== null,
    async close() {
      closed = true;
      clearTimeout(timer);
      await opening;
      await client?.end();
    },
  };
}

async function connect(settings: DatabaseSettings, options: SteadyOptions): Promise<Client> {
  const client = new Client({ ...clientConfig(settings), connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined); // `end` follows, and is where losing it is dealt with
  client.on('notification', (notification) => options.onNotification(notification));
  try {
    await client.connect();
    await client.query(options.setUp);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}
