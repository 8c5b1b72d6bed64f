const TIME_LIMIT_MS = 45_000; // a sleeping shop may have to wake first

/** Status 0 means that no answer came at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'DELETE';
  key?: string;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** One JSON request to the shop's own address; every failure is an ApiError. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const { method = 'GET', key, body, signal } = options;
  const limit = AbortSignal.timeout(TIME_LIMIT_MS);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (key) headers['x-publishable-api-key'] = key;
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await fetch(path, {
      method,
      headers,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await refusal(response);
    return (await response.json()) as T;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(0, 'unreachable', 'The shop did not answer');
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as { code?: unknown; type?: unknown; message?: unknown };
  const code = [body.code, body.type].find((value) => typeof value === 'string');
  const message = typeof body.message === 'string' ? body.message : `Answer ${response.status}`;
  return new ApiError(response.status, String(code ?? response.status), message);
}
