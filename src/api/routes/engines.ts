import { listPreparations } from '../../db/preparations.ts';
import type { App, Parts } from '../parts.ts';
import { actorOf } from '../plugins/authentication.ts';
import { responses } from '../responses.ts';
import { EnginesReply } from '../schemas/stores.ts';
import { engineView } from '../views.ts';

/** The kinds of shop, whether they can be made here, and how far their preparation is. */
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
        engines: parts.engines.map((engine) => {
          const version = engine.unavailable === null ? engine.preparation.version : null;
          return engineView(
            engine,
            preparations.find((row) => row.engine === engine.name && row.version === version),
          );
        }),
      };
    },
  );
}
