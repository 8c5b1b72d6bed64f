import { useEffect } from 'react';
import { announce } from './announce.tsx';

let named = '';

/** The document's title; a change of page is also said. */
export function usePage(title: string | null, shop?: string): void {
  useEffect(() => {
    if (title === null) return;
    document.title = [title, shop].filter(Boolean).join(' · ');
    if (named && named !== title) announce(title);
    named = title;
  }, [title, shop]);
}
