import { useEffect, useRef, type RefObject } from 'react';
import { useLocation } from 'wouter';

let wentBack = false;
addEventListener('popstate', () => {
  wentBack = true;
});

/** After a link: to the top, focus on the page. Back and forward keep their place. */
export function useMove(main: RefObject<HTMLElement | null>): void {
  const [path] = useLocation();
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    if (!wentBack) scrollTo(0, 0);
    wentBack = false;
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}
