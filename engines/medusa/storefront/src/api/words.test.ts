import { describe, expect, it } from 'vitest';
import { ApiError } from './request.ts';
import { inWords, isFinished, isMissing, isRefusedCountry, isShortage } from './words.ts';

describe('errors in words', () => {
  it.each([
    [new ApiError(0, 'unreachable', ''), /can’t reach the shop/],
    [new ApiError(400, 'insufficient_inventory', 'x'), /that many in stock/],
    [new ApiError(400, 'invalid_data', 'Variants v belong to a product that is not published'), /no longer for sale/],
    [new ApiError(429, '429', 'x'), /Wait a moment/],
    [new ApiError(503, '503', 'x'), /try again/],
    [new ApiError(400, 'invalid_data', 'Bad email'), /: Bad email\.$/],
    [new TypeError('x'), /Something went wrong/],
  ])('%s', (error, words) => expect(inWords(error)).toMatch(words));

  it('tells the kinds apart', () => {
    expect(isMissing(new ApiError(404, 'not_found', ''))).toBe(true);
    expect(isShortage(new ApiError(400, 'not_allowed', 'does not have the required inventory'))).toBe(true);
    expect(isFinished(new ApiError(400, 'invalid_data', 'Cart x is already completed'))).toBe(true);
    expect(isRefusedCountry(new ApiError(400, 'invalid_data', 'Country with code xk is not within region'))).toBe(true);
    expect(isRefusedCountry(new Error('country'))).toBe(false);
  });
});
