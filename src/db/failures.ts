import { AppError } from '../errors.ts';

/** SQLSTATE of "canceling statement due to statement timeout" and of a deadlock: worth another try. */
const OVERLOAD = new Set(['57014', '40P01', '40001', '53300', '55P03']);
/** The server goes down, comes up, or has ended the connection. Class 08 is about connections as a whole. */
const GONE = new Set(['57P01', '57P02', '57P03', '57P05', '25P03']);
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
]);
/** What pg says in words only, without a code. */
const LOST =
  /^(Connection terminated|Client has encountered a connection error|Query read timeout|timeout expired|Client was closed)/;

/** True when the connection or the server is the trouble, and not the statement. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isConnectionLost);
  const code = codeOf(error);
  return code === undefined ? LOST.test(error.message) : GONE.has(code) || NETWORK.has(code) || /^08...$/.test(code);
}

/** True when the connection is over, as against a server that only gives no answer in time. */
export function wasEnded(error: unknown): boolean {
  return isConnectionLost(error) && error instanceof Error && !/timeout/i.test(error.message);
}

/** Turns what a caller can't mend into the error that the API answers; everything else stays as it is. */
export function translate(error: unknown): unknown {
  if (isConnectionLost(error)) return unavailable(error);
  const code = codeOf(error);
  if (code !== undefined && OVERLOAD.has(code)) {
    return new AppError('OVERLOADED', 'The database is too busy right now. Try again in a moment.', {
      retryAfter: 1,
      cause: error,
    });
  }
  return error;
}

export function unavailable(cause: unknown): AppError {
  return new AppError('DEPENDENCY_UNAVAILABLE', 'The database cannot be reached right now. Try again in a moment.', {
    retryAfter: 2,
    details: { dependency: 'database' },
    cause,
  });
}

/** The SQLSTATE or the operating system's code of an error, if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
