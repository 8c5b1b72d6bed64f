import { answer, type Store } from '../client.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { allEvents } from '../events.ts';
import { findStore } from '../find.ts';
import { startProgress } from '../progress.ts';
import { waitFor } from '../wait.ts';
import { storeText } from '../words.ts';

/** `create NAME --engine E [--wait]` */
export async function create(
  context: Context,
  name: string,
  options: { engine: Store['engine']; wait?: boolean },
): Promise<void> {
  const body = { name, engine: options.engine };
  // A key of its own: should the answer get lost, the request can be sent again without making a second shop.
  const header = { 'idempotency-key': crypto.randomUUID() };
  const store = await answer(context.api.client.POST('/api/v1/stores', { body, params: { header } }));
  await finish(context, store, { after: 0, ...options });
}

/** `retry ID|SLUG [--wait]` */
export async function retry(context: Context, idOrSlug: string, options: { wait?: boolean }): Promise<void> {
  const found = await findStore(context.api, idOrSlug);
  const after = (await allEvents(context.api, found.id)).at(-1)?.id ?? 0;
  const params = { path: { id: found.id }, header: { 'idempotency-key': crypto.randomUUID() } };
  const store = await answer(context.api.client.POST('/api/v1/stores/{id}/retry', { params }));
  await finish(context, store, { after, ...options });
}

async function finish(
  context: Context,
  store: Store,
  { wait, after }: { wait?: boolean; after: number },
): Promise<void> {
  const { output } = context;
  const end = wait ? await untilSettled(context, store, after) : store;
  output.document(end, () => storeText(output, end));
  if (wait && end.status !== 'ready')
    throw new CliError(`${end.name} is ${end.status}: ${end.errorMessage ?? 'see its events'}`);
  if (wait) output.note(`The login of its admin: store-platform credentials ${end.slug}`);
  else output.note(`Watch it with: store-platform events ${end.slug} --follow`);
}

/** Live progress until the store is neither being made nor changing any more. */
async function untilSettled({ api, output }: Context, store: Store, after: number): Promise<Store> {
  const started = Date.now();
  const progress = startProgress(output, `Making ${store.name} (${store.slug})`);
  try {
    const end = await waitFor(api, {
      storeId: store.id,
      after,
      isDone: (now) => now === null || now.status !== 'provisioning',
      tell: (event) => progress.update(event.message),
    });
    if (!end) throw new CliError(`${store.name} was deleted while it was being made`);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    if (end.status === 'ready') progress.done(`${store.name} is ready after ${seconds} s: ${end.urls.storefront}`);
    else progress.failed(`${store.name} is ${end.status} after ${seconds} s`);
    return end;
  } catch (error) {
    progress.failed(`The wait for ${store.name} has ended`);
    throw error;
  }
}
