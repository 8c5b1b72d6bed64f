import { describe, expect, it } from 'vitest';
import { append, NO_LINES } from './lines.ts';
import { findAll, piecesOf } from './search.ts';

describe('the search in a log', () => {
  const log = append(NO_LINES, ['GET /orders', 'nothing', 'get get']);

  it('finds each place, whatever the capitals', () => {
    expect(findAll(log, 'Get')).toEqual([
      { line: 0, nth: 0 },
      { line: 2, nth: 0 },
      { line: 2, nth: 1 },
    ]);
    expect(findAll(log, '')).toEqual([]);
  });

  it('cuts a line into what was found and what stands between, losing nothing', () => {
    expect(piecesOf('a GET b', 'get')).toEqual([
      { text: 'a ', found: false },
      { text: 'GET', found: true },
      { text: ' b', found: false },
    ]);
    expect(piecesOf('nothing', 'get')).toEqual([{ text: 'nothing', found: false }]);
  });
});
