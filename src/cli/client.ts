import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api.generated.d.ts';
import { CliError } from './errors.ts';
import type { Settings } from './settings.ts';

export type Store = components['schemas']['Store'];
export type StoreEvent = components['schemas']['StoreEvent'];

/** The platform's API, typed by its own document. Calls reject with a CliError in words. */
export interface Api {
  client: Client<paths>;
  /** A request outside the typed client, for streams. Rejects as the client does. */
  open(path: string, init: { headers: Record<string, string>; signal: AbortSignal }): Promise<Response>;
}

export function createApi(settings: Settings): Api {
  const authorization = settings.token === null ? {} : { authorization: `Bearer ${settings.token}` };
  const reach = async (input: string | Request, init?: RequestInit) => {
    const response = await fetch(input, init).catch((error: unknown) => {
      if (init?.signal?.aborted) throw error;
      throw unreachable(settings, error);
    });
    if (response.status === 401) throw new CliError(notSignedIn(settings), 4);
    return response;
  };
  return {
    client: createClient<paths>({ baseUrl: settings.url, headers: authorization, fetch: reach }),
    async open(path, { headers, signal }) {
      const response = await reach(settings.url + path, { headers: { ...authorization, ...headers }, signal });
      if (!response.ok) throw refused(response, await response.json().catch(() => null));
      return response;
    },
  };
}

/** The data of an answer, or a CliError with what the platform said about it. */
export async function answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw refused(response, error);
  return data as T;
}

function unreachable(settings: Settings, error: unknown): CliError {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (settings.local && (code === 'ECONNREFUSED' || code === '')) {
    return new CliError(`The platform is not running at ${settings.url}: start it with npm start`);
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CliError(
    `The platform can't be reached at ${settings.url} (${why}): check STORE_PLATFORM_URL, or start it with npm start`,
  );
}

function notSignedIn({ tokenProblem, url }: Settings): string {
  return `${tokenProblem} (at ${url}). Set STORE_PLATFORM_TOKEN to an API key, or STORE_PLATFORM_HOME to the platform's own folder.`;
}

/** Exit code 1 for everything that the platform refuses; a wrong field is the caller's wrong usage. */
function refused(response: Response, body: unknown): CliError {
  const error = (body as Partial<components['schemas']['Error']> | null)?.error;
  if (!error)
    return new CliError(
      `The platform answered ${response.status} at ${response.url}, which this command does not understand.`,
    );
  const wait = response.headers.get('retry-after');
  const again = wait !== null && response.status !== 409 ? ` Try again in ${wait} s.` : '';
  return new CliError(`${error.message}${again}`, error.code === 'VALIDATION_FAILED' ? 2 : 1, error.code);
}
