import type { Writable } from 'node:stream';
import { confirm } from '@clack/prompts';
import { answer, type Store } from '../client.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { allEvents } from '../events.ts';
import { findStore } from '../find.ts';
import type { Output } from '../output.ts';
import { startProgress } from '../progress.ts';
import { waitFor } from '../wait.ts';

/** `delete ID|SLUG --yes [--wait]` */
export async function remove(
  context: Context,
  idOrSlug: string,
  options: { yes?: boolean; wait?: boolean },
): Promise<void> {
  const { api, output } = context;
  const store = await findStore(api, idOrSlug);
  if (!options.yes) await askFirst(output, store);
  const after = options.wait ? ((await allEvents(api, store.id)).at(-1)?.id ?? 0) : 0;
  await answer(api.client.DELETE('/api/v1/stores/{id}', { params: { path: { id: store.id } } }));
  if (options.wait) await untilGone(context, store, after);
  output.document({ id: store.id, deleted: true }, () =>
    options.wait ? `${store.name} is gone` : `${store.name} is being deleted`,
  );
}

/** There is no way back, so nothing is deleted by a slip of the finger; a script says --yes. */
async function askFirst(output: Output, store: Store): Promise<void> {
  if (!output.interactive) {
    throw new CliError(`Deleting ${store.name} removes all its data for ever. Say so with --yes.`, 2);
  }
  const message = `Delete ${store.name} (${store.slug}) and all its data, for ever?`;
  const sure = await confirm({ message, initialValue: false, output: output.stderr as Writable });
  if (sure !== true) throw new CliError('Nothing was deleted.');
}

async function untilGone({ api, output }: Context, store: Store, after: number): Promise<void> {
  const progress = startProgress(output, `Deleting ${store.name}`);
  const end = await waitFor(api, {
    storeId: store.id,
    after,
    isDone: (now) => now === null || now.status !== 'deleting',
    tell: (event) => progress.update(event.message),
  }).catch((error: unknown) => {
    progress.failed(`The wait for the end of ${store.name} has ended`);
    throw error;
  });
  if (end !== null) {
    progress.failed(`${store.name} is ${end.status}`);
    throw new CliError(`${store.name} was not deleted: ${end.errorMessage ?? `it is ${end.status}`}`);
  }
  progress.done(`${store.name} is gone`);
}
