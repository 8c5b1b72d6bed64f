import { useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/**
 * The token of the one-time link that led here, or null. It stands in the fragment, which browsers send nowhere, and is
 * taken from the address at once, so that it is neither in the history nor on a screenshot. A link that somebody pastes
 * while this page is open changes nothing but the fragment, hence the router's location and not the first one alone.
 */
export function useOneTimeToken(): string | null {
  const shown = new URLSearchParams(useLocation({ select: ({ hash }) => hash })).get('token');
  const [token, setToken] = useState(shown);
  if (shown !== null && shown !== token) setToken(shown);
  useEffect(() => {
    const { pathname, search } = window.location;
    if (shown !== null) window.history.replaceState(window.history.state, '', pathname + search);
  }, [shown]);
  return token;
}
