import { describe, expect, it } from 'vitest';
import { allLines, append, GAP, LIMIT, merge, NO_LINES } from './lines.ts';

const lines = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, n) => `line ${from + n}`);

describe('the lines of a log', () => {
  it('are kept in order, and only the last ones', () => {
    let log = append(NO_LINES, lines(0, 250));
    expect(allLines(log)).toEqual(lines(0, 250));
    log = append(log, lines(250, 6000));
    expect(log.to).toBe(6000);
    expect(allLines(log)).toEqual(lines(log.from, 6000));
    expect(log.to - log.from).toBeLessThanOrEqual(LIMIT);
    expect(log.to - log.from).toBeGreaterThan(LIMIT - 100);
  });

  it('do not change under whoever shows them', () => {
    const before = append(NO_LINES, lines(0, 150));
    const after = append(before, lines(150, 170));
    expect(allLines(before)).toEqual(lines(0, 150));
    expect(allLines(after)).toEqual(lines(0, 170));
    expect(after.blocks[0]).toBe(before.blocks[0]);
  });

  it('go on after a lost connection without one twice', () => {
    const known = append(NO_LINES, lines(0, 100));
    expect(allLines(merge(known, lines(40, 120)))).toEqual(lines(0, 120));
    expect(merge(known, lines(40, 100)).to).toBe(100);
    expect(allLines(merge(append(NO_LINES, lines(50, 60)), lines(0, 70)))).toEqual(lines(50, 70));
  });

  it('go on where equal lines repeat', () => {
    const known = append(NO_LINES, ['a', 'b', 'a', 'b']);
    expect(allLines(merge(known, ['a', 'b', 'a', 'b', 'a', 'c']))).toEqual(['a', 'b', 'a', 'b', 'a', 'c']);
  });

  it('say where some may be missing', () => {
    const known = append(NO_LINES, lines(0, 10));
    expect(allLines(merge(known, lines(20, 22)))).toEqual([...lines(0, 10), GAP, ...lines(20, 22)]);
  });
});
