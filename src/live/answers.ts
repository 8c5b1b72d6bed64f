import { AppError } from '../errors.ts';
import type { Answer } from '../gateway/answers.ts';

/** What a request for a live connection is told that does not get one. */
export const NO_TICKET: Answer = {
  code: 'UNAUTHENTICATED',
  title: 'This ticket is not valid',
  text: 'A ticket is good for one connection within 30 seconds. Get another one: POST /api/v1/live/tickets.',
};

export const OTHER_SITE: Answer = {
  code: 'CROSS_SITE_REQUEST',
  title: 'This page may not connect',
  text: 'It is of another site than the platform. Add its origin to ALLOWED_ORIGINS if it should.',
};

export const NO_STORE: Answer = {
  code: 'NOT_FOUND',
  title: 'There is no such store',
  text: 'storeId must be the id of a store or source of orders of yours, or be left out for all of them.',
};

export const TOO_MANY: Answer = {
  code: 'RATE_LIMITED',
  title: 'You have too many live pages open',
  text: 'Close some of them, or have LIVE_CONNECTIONS_PER_USER raised.',
  retryAfter: 10,
};

export const STOPPING: Answer = {
  code: 'SHUTTING_DOWN',
  title: 'The platform is being stopped',
  text: 'Try again in a moment.',
  retryAfter: 5,
};

/** What to say of a failure. */
export function answerTo(error: unknown): Answer {
  if (!(error instanceof AppError)) {
    return { code: 'INTERNAL', title: 'Something went wrong on our side', text: 'Try again in a moment.' };
  }
  const { code, message, retryAfter = 5 } = error;
  return { code, title: 'Live figures are not available right now', text: message, retryAfter };
}
