import { Button } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { Clock } from './Clock.tsx';
import classes from './Live.module.css';

interface Props {
  title: string;
  sign: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

/** The whole screen, where the browser gives it, or its whole window: for a screen that people pass by. */
export function Wall({ title, sign, onClose, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  useEffect(() => void (close.current = onClose));
  useEffect(() => (box.current ? cover(box.current, () => close.current()) : undefined), []);
  return createPortal(
    <div ref={box} className={classes.wall} role="dialog" aria-modal="true" aria-label="Live orders" tabIndex={-1}>
      <header className={classes.wallHead}>
        <h1>{title}</h1>
        {sign}
        <Clock />
        <Button variant="default" size="xs" onClick={onClose}>
          Leave
        </Button>
      </header>
      {children}
    </div>,
    document.body,
  );
}

/** Puts the page behind it out of reach, keeps the screen awake, and ends with the full screen or by Escape. */
function cover(wall: HTMLElement, close: () => void): () => void {
  const page = document.getElementById('root');
  const ended = new AbortController();
  let full = false;
  const onScreen = (): void => {
    if (document.fullscreenElement === wall) full = true;
    else if (full) close();
  };
  const onKey = ({ key }: KeyboardEvent): void => {
    if (key === 'Escape') close();
  };
  document.addEventListener('fullscreenchange', onScreen, { signal: ended.signal });
  document.addEventListener('keydown', onKey, { signal: ended.signal });
  page?.setAttribute('inert', '');
  wall.focus();
  // Only a press of a button may ask for it, and not every device has it: the window is enough.
  if (navigator.userActivation?.isActive) wall.requestFullscreen?.().catch(() => undefined);
  const awake = navigator.wakeLock?.request('screen').catch(() => null);
  return () => {
    ended.abort();
    page?.removeAttribute('inert');
    if (document.fullscreenElement === wall) void document.exitFullscreen();
    void awake?.then((lock) => lock?.release());
  };
}
