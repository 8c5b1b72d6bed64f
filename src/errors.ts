/**
 * The table of expected failures: one row a code, with the HTTP status that the API answers.
 * A code is part of the contract: scripts match on it. Messages may be reworded freely.
 */
export const ERRORS = {
  VALIDATION_FAILED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  CROSS_SITE_REQUEST: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  QUOTA_EXCEEDED: 409,
  CONFLICT: 409,
  INVALID_STATE: 409,
  GONE: 410,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNKNOWN_HOST: 421,
  IDEMPOTENCY_KEY_REUSED: 422,
  INVALID_ORDER: 422,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  OVERLOADED: 503,
  DEPENDENCY_UNAVAILABLE: 503,
  SHUTTING_DOWN: 503,
  FEATURE_DISABLED: 503,
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** What an error adds for the one who reads it: the field, the limit, the remedy. Never a secret. */
export type ErrorDetails = Record<string, unknown>;

/**
 * A failure that a person can act on. `message` says what went wrong and what to do, in their words;
 * it is shown as it is, so it holds no path, SQL, stack or secret.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: ErrorDetails; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return ERRORS[this.code];
  }
}

/**
 * The work can never succeed as it is: trying again would only repeat the failure.
 * Everything else that an action throws is tried again with backoff.
 */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/** The first line of an error's text, for people; cut at `limit` characters (ORC-4: 1,000). */
export function errorText(error: unknown, limit = 1000): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

/** The stack for the logs, cut at 5,000 characters (ORC-4). */
export function errorStack(error: unknown): string {
  return (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 5000);
}
