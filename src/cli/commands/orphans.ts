import { answer } from '../client.ts';
import type { Context } from '../context.ts';
import { table } from '../output.ts';
import { localTime } from '../words.ts';

/** `orphans [--confirm]`: what belongs to no store, and the word that all of it may be removed. */
export async function orphans({ api, output }: Context, { confirm }: { confirm?: boolean }): Promise<void> {
  if (confirm) {
    const { confirmed } = await answer(api.client.POST('/api/v1/orphans/confirm'));
    output.note(`${confirmed} confirmed: they are removed within ten minutes`);
  }
  const found = await answer(api.client.GET('/api/v1/orphans'));
  output.document(found, () => {
    if (found.orphans.length === 0) return 'Nothing here belongs to no store.';
    const rows = found.orphans.map(({ kind, name, firstSeenAt, confirmedAt }) => [
      kind,
      name,
      localTime(firstSeenAt),
      confirmedAt === null ? 'no' : 'yes',
    ]);
    return table([['KIND', 'NAME', 'SEEN SINCE', 'CONFIRMED'], ...rows], (cell) => cell);
  });
}
