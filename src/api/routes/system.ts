import type { z } from 'zod';
import { countByOwner, countByStatusAndEngine } from '../../db/stores.ts';
import type { App, Parts } from '../parts.ts';
import { actorOf } from '../plugins/authentication.ts';
import { responses } from '../responses.ts';
import { SystemReply } from '../schemas/system.ts';

const PEOPLE_SHOWN = 100;

/** How the platform itself is, for whoever runs it. Whether its parts are well is `/health`, which needs nobody. */
export function systemRoutes(app: App, parts: Parts): void {
  app.get(
    '/system',
    {
      schema: {
        tags: ['system'],
        summary: 'How the platform is',
        response: responses(
          200,
          SystemReply,
          'Its queue, its stores by status, what is left for more, and who has most.',
        ),
      },
    },
    async (request): Promise<z.infer<typeof SystemReply>> => {
      const { runtime, queue, room } = await parts.backstage();
      const { ageSeconds, ...jobs } = queue;
      const counts = await parts.db.asUser(actorOf(request), async (tx) => ({
        stores: await countByStatusAndEngine(tx),
        people: await countByOwner(tx, PEOPLE_SHOWN),
      }));
      return {
        version: parts.version,
        node: process.version,
        uptimeSeconds: Math.round(process.uptime()),
        runtime,
        queue: { ...jobs, oldestSeconds: ageSeconds },
        stores: counts.stores,
        room,
        quota: { stores: parts.config.MAX_STORES_PER_USER, people: counts.people },
      };
    },
  );
}
