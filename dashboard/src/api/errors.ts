/** An answer of the API that is not a good one, in its own words, or the lack of any answer (status 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** From the API's table of error codes; `NETWORK` where nothing answered. */
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** What to tell an operator, who finds the request in the log by it. */
  readonly correlationId: string | null;
  /** When to try again, where the API said so. */
  readonly retryAt: Date | null;

  constructor(status: number, body: ErrorBody | undefined, retryAfter: string | null) {
    const error = body?.error;
    super(error?.message ?? (status === 0 ? 'The platform does not answer.' : `The platform answered ${status}.`));
    this.status = status;
    this.code = error?.code ?? (status === 0 ? 'NETWORK' : 'UNKNOWN');
    this.details = error?.details ?? {};
    this.correlationId = error?.correlationId ?? null;
    const seconds = Number(retryAfter);
    this.retryAt = retryAfter !== null && seconds >= 0 ? new Date(Date.now() + seconds * 1000) : null;
  }
}

interface ErrorBody {
  error?: {
    code?: string;
    message?: string;
    details?: Record<string, unknown> | null;
    correlationId?: string;
  };
}

/** The complaint about one field of what was sent, where the API named it. */
export function fieldProblem(error: unknown, field: string): string | null {
  const fields = error instanceof ApiError ? error.details['fields'] : null;
  if (!Array.isArray(fields)) return null;
  return (fields as { field: string; message: string }[]).find((one) => one.field === field)?.message ?? null;
}
