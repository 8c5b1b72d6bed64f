import { sql } from 'kysely';
import { createPostgresStream } from '../../src/orders/stream/postgres.ts';
import { describeOrderStream } from './order-stream.ts';

describeOrderStream('in PostgreSQL', async () => ({
  open: createPostgresStream,
  openCuttable: async (deps) => ({ stream: createPostgresStream(deps), cut: () => undefined }),
  tellAgain: async (db) => void (await db.asOrchestrator((tx) => sql`SELECT pg_notify('order_batch', '')`.execute(tx))),
  close: async () => undefined,
}));
