import type { Context } from '../context.ts';
import { allEvents } from '../events.ts';
import { findStore } from '../find.ts';
import { followEvents } from '../stream.ts';
import { eventText } from '../words.ts';

/** `events ID|SLUG [--follow]`: what has happened to a store, and with --follow what happens, until it is gone. */
export async function events(context: Context, idOrSlug: string, options: { follow?: boolean }): Promise<void> {
  const { api, output } = context;
  const store = await findStore(api, idOrSlug);
  if (options.follow) return follow(context, store.id);
  const found = await allEvents(api, store.id);
  output.document({ events: found }, () => found.map((event) => eventText(output, event)).join('\n') || 'Nothing yet.');
}

async function follow({ api, output }: Context, storeId: string): Promise<void> {
  for await (const event of followEvents(api, { storeId, after: 0, signal: new AbortController().signal })) {
    output.line(event, () => eventText(output, event));
    if (event.type === 'deleted') return;
  }
}
