import { z } from 'zod';
import { ENGINES, STATUSES } from '../../stores/store.ts';

const Room = z.object({ freeBytes: z.int(), totalBytes: z.int() });

export const SystemReply = z
  .object({
    version: z.string(),
    node: z.string().meta({ description: 'The version of Node.js that it runs on.' }),
    uptimeSeconds: z.int(),
    runtime: z.string().meta({ description: 'Where stores run: local or kubernetes.' }),
    queue: z.object({
      waiting: z.int().meta({ description: 'Jobs that are due and that nobody works on yet.' }),
      oldestSeconds: z.number().meta({ description: 'Since when the oldest of them has been due.' }),
      running: z.int(),
      failed: z.int().meta({ description: 'Jobs that were given up after their last try.' }),
    }),
    stores: z.array(z.object({ status: z.enum(STATUSES), engine: z.enum(ENGINES), count: z.int() })),
    room: z
      .object({ memory: Room, disk: Room })
      .nullable()
      .meta({ description: 'What there is for all stores together; null where no one place has to hold them.' }),
    quota: z.object({
      stores: z.int().meta({ description: 'How many stores each person may have.' }),
      people: z
        .array(z.object({ userId: z.uuid(), email: z.string(), stores: z.int() }))
        .meta({ description: 'The 100 people who have most.' }),
    }),
  })
  .meta({ id: 'System' });
