import { z } from 'zod';

export const LiveTicketReply = z
  .object({ ticket: z.string().meta({ description: 'Good for one connection.' }) })
  .meta({ id: 'LiveTicket' });
