import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { totalsOf } from './figures.ts';
import type { Hour } from './messages.ts';

const EVERY_MS = 30_000;

/** Tells whoever listens how the day goes: now and then, because orders may come by the second. */
export function Announcer({ hours }: { hours: readonly Hour[] }) {
  const { orders } = totalsOf(hours);
  const newest = useRef(orders);
  const [told, setTold] = useState(orders);
  useEffect(() => void (newest.current = orders), [orders]);
  useEffect(() => {
    const timer = setInterval(() => setTold(newest.current), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {told.toLocaleString('en')} {told === 1 ? 'order' : 'orders'} today
    </VisuallyHidden>
  );
}
