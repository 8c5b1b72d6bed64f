import { AppError, errorText } from '../../errors.ts';

/** The API server has answered and says no. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly status: number;
  /** `NotFound`, `AlreadyExists`, `Forbidden`, … */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** The error that an answer of 400 or more stands for. */
export function failureOf(status: number, body: string): Error {
  const { message, reason } = parse(body);
  const words = message || `The Kubernetes API answered ${status}.`;
  // Busy, broken, or no longer knowing who we are: none of that is a store's fault.
  if (status >= 500 || status === 429 || status === 401) return apiAway(words);
  return new KubeError(status, reason, words);
}

/** The cluster can't be asked. That neither fails a store nor counts as a try. */
export function apiAway(cause: unknown): AppError {
  return new AppError(
    'DEPENDENCY_UNAVAILABLE',
    `The Kubernetes API cannot be reached right now: ${errorText(cause, 300)} Trying again.`,
    { retryAfter: 2, details: { dependency: 'kubernetes' }, cause },
  );
}

/** What was asked for, or null where there is no such thing. */
export function orNull<T>(answer: Promise<T>): Promise<T | null> {
  return answer.catch((error: unknown) => {
    if (isKubeError(error, 404)) return null;
    throw error;
  });
}

/** Makes something that somebody else, or an earlier try, may have made already. True when it is new. */
export function unlessThere(made: Promise<unknown>): Promise<boolean> {
  return made.then(
    () => true,
    (error: unknown) => {
      if (error instanceof KubeError && error.reason === 'AlreadyExists') return false;
      throw error;
    },
  );
}

export function isKubeError(error: unknown, status: number): error is KubeError {
  return error instanceof KubeError && error.status === status;
}

function parse(body: string): { message: string; reason: string } {
  try {
    const { message = '', reason = '' } = JSON.parse(body) as { message?: string; reason?: string };
    return { message, reason };
  } catch {
    return { message: body.trim().slice(0, 300), reason: '' };
  }
}
