import { z } from 'zod';
import { time } from './fields.ts';

export const OrphansReply = z
  .object({
    orphans: z.array(
      z.object({
        kind: z.string().meta({ description: 'process, database, role, folder, namespace or volume' }),
        name: z.string(),
        storeId: z.uuid().nullable().meta({ description: 'The store that it was made for.' }),
        firstSeenAt: time,
        confirmedAt: time.nullable(),
      }),
    ),
  })
  .meta({ id: 'Orphans' });

export const ConfirmedReply = z
  .object({ confirmed: z.int().meta({ description: 'How many had not been confirmed before.' }) })
  .meta({ id: 'Confirmed' });
