import { pino } from 'pino';
import { Registry } from 'prom-client';
import { loadConfig } from '../config.ts';
import type { Engines } from '../../engines/index.ts';
import type { Database } from '../db/database.ts';
import { createApp } from './app.ts';
import type { Deps } from './deps.ts';

/** The OpenAPI document of this version. It needs no database and no settings: the schemas alone make it. */
export async function openApiDocument(version: string): Promise<object> {
  const { app } = await createApp(nothing(version));
  const document = app.swagger();
  await app.close();
  return document;
}

const never = () => Promise.reject(new Error('The API is being described, not run'));

/** Dependencies for an API that is never asked anything. */
function nothing(version: string): Deps {
  const db: Partial<Database> = { listen: async () => async () => undefined };
  return {
    config: loadConfig({}),
    db: { ...db, asUser: never, asStranger: never, asOrchestrator: never, ping: never, close: never } as Database,
    secrets: { keyId: '', seal: () => Buffer.alloc(0), open: () => '' },
    engines: {} as Engines,
    logs: { read: never },
    log: pino({ level: 'silent' }),
    health: async () => ({}),
    backstage: never,
    metrics: new Registry(),
    rebuildOrders: () => undefined,
    version,
  };
}
