import type { LogLines } from './lines.ts';

/** A place where what is searched for stands: the line's number, and how manieth in that line. */
export interface Match {
  line: number;
  nth: number;
}

/** A piece of a line, found or between. */
export interface Piece {
  text: string;
  found: boolean;
}

export function findAll({ blocks }: LogLines, term: string): Match[] {
  if (term === '') return [];
  return blocks.flatMap(({ start, lines }) =>
    lines.flatMap((line, index) => placesIn(line, term).map((_, nth) => ({ line: start + index, nth }))),
  );
}

export function piecesOf(line: string, term: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const place of placesIn(line, term)) {
    if (place > at) pieces.push({ text: line.slice(at, place), found: false });
    at = place + term.length;
    pieces.push({ text: line.slice(place, at), found: true });
  }
  if (at < line.length) pieces.push({ text: line.slice(at), found: false });
  return pieces;
}

/** Capitals make no difference. (Where a letter's other case has another length, only its own case is found.) */
function placesIn(line: string, term: string): number[] {
  if (term === '') return [];
  const small = line.toLowerCase();
  const [haystack, needle] = small.length === line.length ? [small, term.toLowerCase()] : [line, term];
  const places: number[] = [];
  for (let at = haystack.indexOf(needle); at !== -1; at = haystack.indexOf(needle, at + needle.length)) places.push(at);
  return places;
}
