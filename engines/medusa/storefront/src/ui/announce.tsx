import { useSyncExternalStore } from 'react';

let words = '';
const listeners = new Set<() => void>();

/** Said by screen readers, shown to nobody. The same words twice are said twice. */
export function announce(text: string): void {
  words = text === words ? `${text}\u00a0` : text;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function Announcer() {
  const text = useSyncExternalStore(subscribe, () => words);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
