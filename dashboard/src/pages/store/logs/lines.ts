/** As many lines are kept and shown; older ones can be had by the command line. */
export const LIMIT = 5000;
const BLOCK = 100;

/** A run of lines that is drawn as one piece. A full one never changes again, so it is drawn once. */
export interface Block {
  /** The number of its first line, counted from the first that ever came. */
  start: number;
  lines: readonly string[];
}

/** The last lines of a log. Never changed: what is added makes a new one that shares the full blocks. */
export interface LogLines {
  blocks: readonly Block[];
  /** The numbers of the first line that is kept, and of the one after the last. */
  from: number;
  to: number;
}

export const NO_LINES: LogLines = { blocks: [], from: 0, to: 0 };

export function append(log: LogLines, fresh: readonly string[]): LogLines {
  const blocks = [...log.blocks];
  let { to } = log;
  for (const line of fresh) {
    const last = blocks.at(-1);
    if (last && last.lines.length < BLOCK) {
      // A block of our own is grown in place, one that somebody may be showing is copied.
      if (log.blocks.includes(last)) blocks[blocks.length - 1] = { start: last.start, lines: [...last.lines, line] };
      else (last.lines as string[]).push(line);
    } else blocks.push({ start: to, lines: [line] });
    to += 1;
  }
  while (to - (blocks[0]?.start ?? to) > LIMIT) blocks.shift();
  return { blocks, from: blocks[0]?.start ?? to, to };
}

export function allLines({ blocks }: LogLines): string[] {
  return blocks.flatMap(({ lines }) => lines);
}

/** Stands where lines may have been missed. */
export const GAP = '… the connection was away for too long, lines may be missing here …';

/**
 * Adds what a new connection begins with: the log's last lines, of which the first ones are known already. Lines have
 * no numbers of their own, so the place where both overlap is looked for.
 */
export function merge(log: LogLines, tail: readonly string[]): LogLines {
  if (log.to === 0 || tail.length === 0) return append(log, tail);
  const known = allLines(log);
  for (let overlap = tail.length; overlap > 0; overlap -= 1) {
    if (endsWith(known, tail, overlap)) return append(log, tail.slice(overlap));
  }
  return append(log, [GAP, ...tail]);
}

/** True when the first `length` lines of `tail` end as `known` does, as far as both go back. */
function endsWith(known: readonly string[], tail: readonly string[], length: number): boolean {
  const compared = Math.min(length, known.length);
  for (let back = 1; back <= compared; back += 1) {
    if (tail[length - back] !== known[known.length - back]) return false;
  }
  return true;
}
