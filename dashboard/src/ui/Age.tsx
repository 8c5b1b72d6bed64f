import { useEffect, useState } from 'react';

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** How long ago an instant was, kept true while it is shown; the exact time on hover. */
export function Age({ at }: { at: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  const exact = new Date(at).toLocaleString();
  return (
    <time dateTime={at} title={exact}>
      {inWords((now - Date.parse(at)) / 1000)}
    </time>
  );
}

/** `seconds` since then, such as "3 minutes ago". */
export function inWords(seconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => seconds >= each) ?? ['second', 1];
  if (unit === 'second') return 'just now';
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-Math.floor(seconds / size), unit);
}
