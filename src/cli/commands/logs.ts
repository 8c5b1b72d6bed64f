import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { answer } from '../client.ts';
import type { Context } from '../context.ts';
import { findStore } from '../find.ts';

/** `logs ID|SLUG [--follow] [--tail N]`: the shop's own output. */
export async function logs(
  context: Context,
  idOrSlug: string,
  options: { follow?: boolean; tail?: number },
): Promise<void> {
  const { api, output } = context;
  const { id } = await findStore(api, idOrSlug);
  if (options.follow) return follow(context, id, options.tail);
  const params = { path: { id }, query: options.tail === undefined ? {} : { tail: options.tail } };
  // The document offers streams at the same address, which only --follow asks for.
  const found = (await answer(api.client.GET('/api/v1/stores/{id}/logs', { params }))) as { lines: string[] };
  output.document(found, () => found.lines.join('\n'));
}

/** One JSON document a line comes from the platform, and one line of the log is in each. */
async function follow({ api, output }: Context, id: string, tail = 50): Promise<void> {
  const response = await api.open(`/api/v1/stores/${id}/logs?follow=true&tail=${tail}`, {
    headers: { accept: 'application/x-ndjson' },
    signal: new AbortController().signal,
  });
  if (!response.body) return;
  for await (const text of createInterface({ input: Readable.fromWeb(response.body as never) })) {
    const entry = JSON.parse(text) as { line: string };
    output.line(entry, () => entry.line);
  }
}
