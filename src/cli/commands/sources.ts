import { answer } from '../client.ts';
import type { Context } from '../context.ts';
import { fields, table } from '../output.ts';

/** `sources list`: where orders come from. */
export async function listSources({ api, output }: Context): Promise<void> {
  const found = await answer(api.client.GET('/api/v1/order-sources'));
  output.document(found, () => {
    if (found.sources.length === 0)
      return 'No sources yet. Each store is one; make another: store-platform sources create Till';
    const rows = found.sources.map(({ id, name, timeZone, storeId }) => [
      name,
      storeId === null ? 'other' : 'store',
      timeZone,
      id,
    ]);
    return table([['NAME', 'KIND', 'TIME ZONE', 'ID'], ...rows]);
  });
}

/** `sources create NAME [--time-zone ZONE]`: one that is no store, with the secret by which it signs. */
export async function createSource(
  { api, output }: Context,
  name: string,
  { timeZone }: { timeZone?: string },
): Promise<void> {
  const body = { name, ...(timeZone !== undefined && { timeZone }) };
  const made = await answer(api.client.POST('/api/v1/order-sources', { body }));
  output.document(made, () =>
    fields([
      ['Id', made.id],
      ['Name', made.name],
      ['Time zone', made.timeZone],
      ['Secret', made.secret],
    ]),
  );
  output.note('The secret is not shown again.');
}
