import { useEffect, useEffectEvent, useState } from 'react';

/** What was loaded before is shown at once while it is asked for again. */
const remembered = new Map<string, unknown>();

export const remember = (key: string, data: unknown): void => void remembered.set(key, data);
export const recall = <T>(key: string): T | undefined => remembered.get(key) as T | undefined;

export interface Loaded<T> {
  data: T | undefined;
  /** Set only when there is nothing to show. */
  error: unknown;
  retry: () => void;
}

export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [attempt, setAttempt] = useState(0);
  const [loaded, setLoaded] = useState<{ key: string; data: T } | null>(null);
  const [failure, setFailure] = useState<{ question: string; error: unknown } | null>(null);
  const question = `${attempt} ${key}`;

  const ask = useEffectEvent((asked: string, signal: AbortSignal) => {
    const succeed = (data: T) => {
      remember(key, data);
      if (!signal.aborted) setLoaded({ key, data });
    };
    const fail = (error: unknown) => {
      if (!signal.aborted) setFailure({ question: asked, error });
    };
    void load(signal).then(succeed, fail);
  });
  useEffect(() => {
    const control = new AbortController();
    ask(question, control.signal);
    return () => control.abort();
  }, [question]);

  const data = loaded?.key === key ? loaded.data : recall<T>(key);
  return {
    data,
    error: data === undefined && failure?.question === question ? failure.error : null,
    retry: () => setAttempt((count) => count + 1),
  };
}
