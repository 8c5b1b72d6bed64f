import { answer, type Store } from '../client.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { allEvents } from '../events.ts';
import { findStore } from '../find.ts';
import { startProgress } from '../progress.ts';
import { waitFor } from '../wait.ts';
import { storeText } from '../words.ts';

interface Options {
  wait?: boolean;
}

/** `upgrade ID|SLUG [--wait]` */
export async function upgrade(context: Context, idOrSlug: string, options: Options): Promise<void> {
  const found = await findStore(context.api, idOrSlug);
  await changeVersion(context, found, options, (params) =>
    answer(context.api.client.POST('/api/v1/stores/{id}/upgrade', { params })),
  );
}

/** `rollback ID|SLUG [--wait]` */
export async function rollback(context: Context, idOrSlug: string, options: Options): Promise<void> {
  const found = await findStore(context.api, idOrSlug);
  await changeVersion(context, found, options, (params) =>
    answer(context.api.client.POST('/api/v1/stores/{id}/rollback', { params })),
  );
}

interface Params {
  path: { id: string };
  header: { 'idempotency-key': string };
}

async function changeVersion(
  context: Context,
  found: Store,
  { wait }: Options,
  order: (params: Params) => Promise<Store>,
): Promise<void> {
  const { api, output } = context;
  const after = wait ? ((await allEvents(api, found.id)).at(-1)?.id ?? 0) : 0;
  const store = await order({ path: { id: found.id }, header: { 'idempotency-key': crypto.randomUUID() } });
  const { end, reason } = wait ? await untilChanged(context, store, after) : { end: store, reason: null };
  output.document(end, () => storeText(output, end));
  if (!wait) return output.note(`Watch it with: store-platform events ${end.slug} --follow`);
  if (end.status === 'ready' && end.engineVersion === store.engineVersion) return;
  throw new CliError(`${end.name} did not come to version ${store.engineVersion}: ${reason ?? `it is ${end.status}`}`);
}

/** Live progress until the version is what was wanted, or was given up, with the reason for that. */
async function untilChanged(
  { api, output }: Context,
  store: Store,
  after: number,
): Promise<{ end: Store; reason: string | null }> {
  const progress = startProgress(output, `Bringing ${store.name} (${store.slug}) to version ${store.engineVersion}`);
  let reason: string | null = null;
  const end = await waitFor(api, {
    storeId: store.id,
    after,
    isDone: (now) => now?.status !== 'ready' || now.operation?.type !== 'upgrade',
    tell({ type, message }) {
      if (type === 'upgrade-failed') reason = message;
      progress.update(message);
    },
  }).catch((error: unknown) => {
    progress.failed(`The wait for ${store.name} has ended`);
    throw error;
  });
  if (!end) {
    progress.failed(`${store.name} is gone`);
    throw new CliError(`${store.name} was deleted while its version was changed`);
  }
  if (end.engineVersion === store.engineVersion) progress.done(`${store.name} runs version ${end.engineVersion}`);
  else progress.failed(`${store.name} goes back to version ${end.engineVersion}`);
  return { end, reason };
}
