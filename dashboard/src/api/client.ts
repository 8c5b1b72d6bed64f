import createClient from 'openapi-fetch';
import type { paths } from '../../../src/cli/api.generated.d.ts';
import { ApiError } from './errors.ts';

/** Where the API is, without a slash at its end. */
export const apiBase = (
  document.querySelector<HTMLMetaElement>('meta[name="store-platform-api"]')?.content ?? '/'
).replace(/\/+$/, '');

/** The API, typed by its document. Signed in by the cookie that the browser keeps. */
export const api = createClient<paths>({ baseUrl: apiBase, credentials: 'include' });

/** What a call answered; rejects with ApiError for anything but a good answer, also when none came. */
export async function answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call.catch((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === 'AbortError') throw reason;
    throw new ApiError(0, undefined, null);
  });
  if (response.ok) return data as T;
  throw new ApiError(response.status, error as never, response.headers.get('retry-after'));
}
