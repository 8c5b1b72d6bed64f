import { listPreparations } from '../../db/preparations.ts';
import type { App, Parts } from '../parts.ts';
import { actorOf } from '../plugins/authentication.ts';
import { responses } from '../responses.ts';
import { EnginesReply } from '../schemas/stores.ts';
import { engineView } from '../views.ts';

/** The kinds of shop, and how far the preparation of each is. */
export function engineRoutes(app: App, parts: Parts): void {
  app.get(
    '/engines',
    {
      schema: {
        tags: ['engines'],
        summary: 'List the engines',
        response: responses(200, EnginesReply, 'All engines.'),
      },
    },
    async (request) => {
      const preparations = await parts.db.asUser(actorOf(request), listPreparations);
      return {
        engines: Object.values(parts.engines).map((engine) => {
          const { name, preparation } = engine;
          const row = preparations.find((one) => one.engine === name && one.version === preparation.version);
          return engineView(engine, row);
        }),
      };
    },
  );
}
