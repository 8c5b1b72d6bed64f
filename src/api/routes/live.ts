import { hashToken, newToken } from '../../auth/token.ts';
import { insertLiveTicket } from '../../db/live-tickets.ts';
import type { App, Parts } from '../parts.ts';
import { identityOf } from '../plugins/authentication.ts';
import { responses } from '../responses.ts';
import { LiveTicketReply } from '../schemas/live.ts';

export const LIVE_PATH = '/api/v1/live';
/** A page opens its connection at once; what is in an address may end up in a log. */
const TICKET_SECONDS = 30;

/** The way into the live page's WebSocket (ORD-5), to which browsers send no header of ours. */
export function liveRoutes(app: App, { db }: Parts): void {
  app.post(
    '/live/tickets',
    {
      schema: {
        tags: ['live'],
        summary: 'Get a ticket for one live connection',
        description:
          `Then open the WebSocket \`${LIVE_PATH}?ticket=…\` within ${TICKET_SECONDS} seconds; docs/api.md says what it sends. ` +
          'The connection ends with the key or session that asked for the ticket.',
        response: responses(201, LiveTicketReply, 'The ticket.'),
      },
    },
    async (request, reply) => {
      const { actor, credential } = identityOf(request);
      const ticket = newToken('liveTicket');
      const held = { userId: actor.userId, credentialKind: credential.kind, credentialId: credential.id };
      await db.asUser(actor, (tx) => insertLiveTicket(tx, { ...held, tokenHash: hashToken(ticket) }, TICKET_SECONDS));
      return reply.code(201).send({ ticket });
    },
  );
}
