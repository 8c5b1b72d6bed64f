import type { Logger } from 'pino';
import type { DatabaseSettings } from '../config.ts';
import { steadyConnection } from './steady-connection.ts';

const CHANNELS = [
  'store_event',
  'store_change',
  'identity_change',
  'order_batch',
  'order_feed',
  'order_source',
] as const;
export type Channel = (typeof CHANNELS)[number];

interface Subscription {
  channel: Channel;
  handler: (payload: string) => void;
  onGap: () => void;
}

export interface Listener {
  listen(channel: Channel, handler: (payload: string) => void, onGap: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/**
 * Notifications over one session connection, opened with the first subscription. It listens on all channels at
 * once, so that subscribing changes nothing on the wire.
 */
export function createListener(settings: DatabaseSettings, log: Logger): Listener {
  const subscriptions = new Set<Subscription>();
  const connection = steadyConnection(
    settings,
    {
      setUp: CHANNELS.map((channel) => `LISTEN ${channel}`).join(';'),
      onOpen: () => subscriptions.forEach(({ onGap }) => guard(onGap)),
      onNotification: ({ channel, payload = '' }) => {
        for (const subscription of subscriptions) {
          if (subscription.channel === channel) guard(() => subscription.handler(payload));
        }
      },
    },
    log,
  );

  /** One listener's mistake must not keep the others from hearing. */
  function guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      log.error({ err: error }, 'A listener to the database failed');
    }
  }

  return {
    async listen(channel, handler, onGap) {
      const subscription = { channel, handler, onGap };
      subscriptions.add(subscription);
      if (connection.isOpen()) guard(onGap);
      else await connection.open();
      return async () => {
        subscriptions.delete(subscription);
      };
    },
    close: () => connection.close(),
  };
}
