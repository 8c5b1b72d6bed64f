import { answer } from '../client.ts';
import type { Context } from '../context.ts';
import { table } from '../output.ts';
import { localTime } from '../words.ts';

/** `orders rebuild` */
export async function rebuildOrders({ api, output }: Context): Promise<void> {
  const begun = await answer(api.client.POST('/api/v1/orders/rebuild'));
  output.document(begun, () => "All figures are being made anew; the platform's log tells when it is done.");
}

/** `orders dead`: what is stored, but could not be counted. */
export async function deadOrders({ api, output }: Context): Promise<void> {
  const found = await answer(api.client.GET('/api/v1/orders/dead'));
  output.document(found, () => {
    if (found.batches.length === 0) return 'All orders that are stored are counted, or will be in a moment.';
    const rows = found.batches.map(({ id, orders, attempts, failedAt, error }) => [
      String(id),
      String(orders),
      String(attempts),
      localTime(failedAt),
      error ?? '',
    ]);
    return table([['BATCH', 'ORDERS', 'TRIES', 'GIVEN UP', 'BECAUSE'], ...rows]);
  });
  if (found.batches.length > 0) output.note('Try again with them: store-platform orders retry');
}

/** `orders retry` */
export async function retryOrders({ api, output }: Context): Promise<void> {
  const done = await answer(api.client.POST('/api/v1/orders/dead/retry'));
  output.document(done, () =>
    done.retried === 0 ? 'There is nothing to try again.' : `${done.retried} are tried again.`,
  );
}
