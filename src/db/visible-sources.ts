import type { Tx } from './session.ts';

/** The sources of orders that the acting person may see, or whether the one that is named is among them. */
export async function visibleSources(tx: Tx, only: string | null): Promise<{ id: string; timeZone: string }[]> {
  return tx
    .selectFrom('orderSources')
    .select(['id', 'timeZone'])
    .$if(only !== null, (query) => query.where('id', '=', only ?? ''))
    .orderBy('id')
    .execute();
}
