import { useEffect, useState } from 'react';

/** Whole seconds until an instant, counted down while they last; 0 afterwards, and without one. */
export function useSecondsUntil(instant: Date | null): number {
  const [now, setNow] = useState(Date.now);
  const left = instant === null ? 0 : Math.max(0, Math.ceil((instant.getTime() - now) / 1000));
  const waiting = instant !== null && left > 0;
  useEffect(() => {
    if (!waiting) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [waiting]);
  return left;
}

/** Such as "4:05". */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
