import { ApiError } from './request.ts';

/** What went wrong, as a shopper would say it, and what can be done. */
export function inWords(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something went wrong. Please try again.';
  if (isUnreachable(error)) return 'We can’t reach the shop right now. Check your connection and try again.';
  if (isShortage(error)) return 'We don’t have that many in stock. Please choose a smaller quantity.';
  if (isWithdrawn(error)) return 'This is no longer for sale. Please choose something else.';
  if (error.status === 429) return 'That was a little fast for us. Wait a moment and try again.';
  if (error.status >= 500) return 'The shop has a problem at the moment. Nothing was lost; please try again.';
  return `The shop could not do that: ${sentence(error.message.replace(/^Invalid request: /, ''))}`;
}

export const isUnreachable = (error: unknown): boolean => error instanceof ApiError && error.status === 0;

export const isMissing = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

export const isShortage = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.code === 'insufficient_inventory' || /inventory|out of stock/i.test(error.message));

/** A cart that was ordered already, or that the shop no longer knows. */
export const isFinished = (error: unknown): boolean =>
  error instanceof ApiError && /already completed/i.test(error.message);

export const isRefusedCountry = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 400 && /country/i.test(error.message);

const isWithdrawn = (error: ApiError): boolean => /not published/i.test(error.message);

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
