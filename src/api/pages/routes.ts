import { z } from 'zod';
import { listStores } from '../../db/store-list.ts';
import { AppError } from '../../errors.ts';
import type { App, Parts } from '../parts.ts';
import { FILES } from './files.ts';
import { homePage } from './home.ts';
import { linkPage, signInPage } from './sign-in.ts';

const STORES_SHOWN = 100;
const HTML = 'text/html; charset=utf-8';

/** Two plain pages, enough to sign in and to find one's stores. */
export function pageRoutes(app: App, { db, doorkeeper }: Parts): void {
  const schema = { hide: true };

  app.get('/', { schema }, async (request, reply) => {
    reply.type(HTML).header('cache-control', 'no-store');
    const identity = await doorkeeper.identify(request);
    if (!identity) return signInPage();
    const page = await db.asUser(identity.actor, (tx) => listStores(tx, { limit: STORES_SHOWN }));
    return homePage(identity.actor, page);
  });

  app.get('/sign-in', { schema }, (_request, reply) =>
    reply.type(HTML).header('cache-control', 'no-store').send(linkPage()),
  );

  app.get('/ui/:file', { schema: { hide: true, params: z.object({ file: z.string() }) } }, (request, reply) => {
    const file = Object.hasOwn(FILES, request.params.file) ? FILES[request.params.file] : undefined;
    if (!file) throw new AppError('NOT_FOUND', 'There is nothing at this address.');
    return reply.type(file.type).header('cache-control', 'public, max-age=300').send(file.content);
  });
}
