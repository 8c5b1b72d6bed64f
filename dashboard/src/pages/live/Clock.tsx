import { useNow } from '../../ui/use-now.ts';

/** The time of day, where people look for it: on a wall. */
export function Clock() {
  const now = new Date(useNow());
  return <time dateTime={now.toISOString()}>{now.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}</time>;
}
