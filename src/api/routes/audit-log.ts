import { listAudit } from '../../db/audit.ts';
import type { App, Parts } from '../parts.ts';
import { actorOf } from '../plugins/authentication.ts';
import { responses } from '../responses.ts';
import { AuditPageReply, ListAuditQuery } from '../schemas/people.ts';
import { auditView } from '../views.ts';

const DEFAULT_LIMIT = 50;

/** Who did what (IDN-6): admins see all, others what they did themselves. */
export function auditLogRoutes(app: App, parts: Parts): void {
  app.get(
    '/audit-log',
    {
      schema: {
        tags: ['audit'],
        summary: 'Who did what to which store, newest first',
        querystring: ListAuditQuery,
        response: responses(200, AuditPageReply, 'Entries; those of deleted stores stay.'),
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, before, storeId } = request.query;
      const rows = await parts.db.asUser(actorOf(request), (tx) =>
        listAudit(tx, { limit: limit + 1, before, storeId }),
      );
      return { entries: rows.slice(0, limit).map(auditView), hasMore: rows.length > limit };
    },
  );
}
