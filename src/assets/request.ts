import { FetchFailure, toFailure } from './failures.ts';

export interface RequestOptions {
  headers?: Record<string, string>;
  stallMs: number;
  signal: AbortSignal;
}

/**
 * One GET, redirects followed. `take` makes something of the answer, and says `alive` whenever bytes have come; after
 * `stallMs` without any, all is given up. Rejects with FetchFailure, or with the signal's reason when that is aborted.
 */
export async function request<T>(
  url: string,
  { headers = {}, stallMs, signal }: RequestOptions,
  take: (response: Response, alive: () => void) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const giveUp = () => over.abort(new FetchFailure('it does not answer any more', { again: true }));
  const timer = setTimeout(giveUp, stallMs);
  try {
    // What is measured and hashed are the bytes as they are published.
    const init = {
      headers: { 'accept-encoding': 'identity', ...headers },
      signal: AbortSignal.any([signal, over.signal]),
    };
    const response = await fetch(url, init);
    refuseDowngrade(url, response.url);
    return await take(response, () => timer.refresh());
  } catch (error) {
    signal.throwIfAborted();
    throw over.signal.aborted ? toFailure(over.signal.reason) : toFailure(error);
  } finally {
    clearTimeout(timer);
    // What nobody has read any more must not hold the connection.
    over.abort();
  }
}

/** Checksums are worth nothing when anybody on the way can change them. */
function refuseDowngrade(asked: string, answered: string): void {
  if (asked.startsWith('https:') && !answered.startsWith('https:')) {
    throw new FetchFailure('it leads to an address without encryption', { again: false });
  }
}

/** The answer's bytes as they come. */
export async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  // The types in scope are a browser's, where a stream can't be iterated.
  if (body) yield* body as unknown as AsyncIterable<Uint8Array>;
}
