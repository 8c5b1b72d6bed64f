import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefCallback } from 'react';

/** Shorter lists are shown whole, so that the browser's own search finds everything in them. */
const WHOLE_UP_TO = 60;
/** Rows beyond the screen on each side, and how far one scrolls until others are made. */
const SPARE = 8;
const STRIDE = 4;

export interface RowsInView {
  first: number;
  /** The one after the last. */
  end: number;
  /** Heights of what is left out, in px. */
  before: number;
  after: number;
}

/**
 * Which rows of a long list to make: those that can be seen, and some more. Rows have one height, and the page scrolls.
 * `list` goes to the element that holds the rows.
 */
export function useRowsInView(count: number, rowHeight: number): [RefCallback<HTMLElement>, RowsInView] {
  const element = useRef<HTMLElement>(null);
  const [first, setFirst] = useState(0);
  const look = useCallback(() => {
    const above = -(element.current?.getBoundingClientRect().top ?? 0) / rowHeight;
    setFirst(Math.max(0, Math.floor(above / STRIDE) * STRIDE - SPARE));
  }, [rowHeight]);
  const whole = count <= WHOLE_UP_TO;
  useEffect(() => (whole ? undefined : onScroll(look)), [whole, look]);
  useLayoutEffect(look, [count, look]);
  const list = useCallback((found: HTMLElement | null) => void (element.current = found), []);
  return [list, whole ? all(count) : part(count, rowHeight, first)];
}

function onScroll(look: () => void): () => void {
  const options = { passive: true };
  window.addEventListener('scroll', look, options);
  window.addEventListener('resize', look, options);
  return () => {
    window.removeEventListener('scroll', look);
    window.removeEventListener('resize', look);
  };
}

const all = (count: number): RowsInView => ({ first: 0, end: count, before: 0, after: 0 });

function part(count: number, rowHeight: number, wanted: number): RowsInView {
  const shown = Math.ceil(window.innerHeight / rowHeight) + 2 * SPARE + STRIDE;
  const first = Math.min(wanted, Math.max(0, count - shown));
  const end = Math.min(count, first + shown);
  return { first, end, before: first * rowHeight, after: (count - end) * rowHeight };
}
