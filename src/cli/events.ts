import { answer, type Api, type StoreEvent } from './client.ts';

const PAGE = 100;

/** A store's whole timeline up to now, oldest first. */
export async function allEvents({ client }: Api, storeId: string): Promise<StoreEvent[]> {
  const events: StoreEvent[] = [];
  for (;;) {
    const query = { limit: PAGE, after: events.at(-1)?.id ?? 0 };
    const page = await answer(client.GET('/api/v1/stores/{id}/events', { params: { path: { id: storeId }, query } }));
    events.push(...page.events);
    if (!page.hasMore) return events;
  }
}
