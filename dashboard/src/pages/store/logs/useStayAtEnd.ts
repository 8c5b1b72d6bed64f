import { useCallback, useEffect, useRef, useState } from 'react';

const NEAR_PX = 30;
/** What scrolls this soon after a key, a wheel or a finger was scrolled by a person. */
const BY_HAND_MS = 1000;

/**
 * Keeps the end of what grows in view: whatever makes the content higher, new lines or another width, moves the view
 * along, until somebody scrolls away. The browser itself scrolls too, while heights that it guessed become known.
 */
export function useStayAtEnd() {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stays = useRef(true);
  const touchedAt = useRef(0);
  const [atEnd, setAtEnd] = useState(true);
  useEffect(() => {
    const watcher = new ResizeObserver(() => {
      if (stays.current) scrollToEnd(box.current);
    });
    if (content.current) watcher.observe(content.current);
    if (box.current) watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  const settle = useCallback((stay: boolean) => {
    stays.current = stay;
    setAtEnd(stay);
  }, []);
  const onScroll = (): void => {
    const byHand = performance.now() - touchedAt.current < BY_HAND_MS;
    if (isAtEnd(box.current)) settle(true);
    else if (byHand) settle(false);
  };
  const touched = (): void => {
    touchedAt.current = performance.now();
  };
  const toEnd = (): void => {
    settle(true);
    scrollToEnd(box.current);
  };
  const leaveEnd = useCallback(() => settle(false), [settle]);
  const hands = { onWheel: touched, onTouchMove: touched, onPointerDown: touched, onKeyDown: touched };
  return { box, content, atEnd, leaveEnd, toEnd, onScroll, ...hands };
}

function isAtEnd(box: HTMLElement | null): boolean {
  return box === null || box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
}

function scrollToEnd(box: HTMLElement | null): void {
  if (box) box.scrollTop = box.scrollHeight;
}
