import { confirmOrphans, listOrphans } from '../../db/orphans.ts';
import { audit } from '../audit.ts';
import { command } from '../command.ts';
import type { App, Parts } from '../parts.ts';
import { actorOf } from '../plugins/authentication.ts';
import { responses } from '../responses.ts';
import { IdempotencyHeaders } from '../schemas/fields.ts';
import { ConfirmedReply, OrphansReply } from '../schemas/orphans.ts';
import { orphanView } from '../views.ts';

const TAGS = ['orphans'];

/** What carries this installation's id and belongs to no store, and the operator's word that it may go (ORC-5). */
export function orphanRoutes(app: App, parts: Parts): void {
  app.get(
    '/orphans',
    {
      schema: {
        tags: TAGS,
        summary: 'List what belongs to no store',
        description:
          'Stopped when it was first seen and removed a day later, but when it is of more than three stores only once it was confirmed.',
        response: responses(200, OrphansReply, 'The longest known first.'),
      },
    },
    async (request) => {
      const orphans = await parts.db.asUser(actorOf(request), listOrphans);
      return { orphans: orphans.map(orphanView) };
    },
  );

  app.post(
    '/orphans/confirm',
    {
      schema: {
        tags: TAGS,
        summary: 'Let all of it be removed',
        headers: IdempotencyHeaders,
        response: responses(202, ConfirmedReply, 'It is removed within ten minutes.', [413, 415, 422]),
      },
    },
    (request, reply) =>
      command(parts, request, reply, async (tx) => {
        const confirmed = await confirmOrphans(tx);
        await audit(tx, request, 'orphans.confirm', { details: { confirmed } });
        return { status: 202, body: { confirmed } };
      }),
  );
}
