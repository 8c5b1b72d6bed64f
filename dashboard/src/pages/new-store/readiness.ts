import type { Engine } from '../../api/types.ts';

export interface Readiness {
  state: 'ready' | 'preparing' | 'failed' | 'unprepared';
  text: string;
  /** 0 to 100, while it is being prepared. */
  percent: number | null;
}

/** Whether shops of this engine can be made here right now, in words. */
export function readiness({ preparation }: Engine): Readiness {
  if (!preparation) {
    return {
      state: 'unprepared',
      text: 'Not prepared here yet. That happens once, with the first store, and takes a few minutes.',
      percent: null,
    };
  }
  const { status, phase, fraction, message } = preparation;
  if (status === 'ready') return { state: 'ready', text: 'Ready to use', percent: null };
  if (status === 'failed') {
    const text = `Can’t be used here right now. ${message ?? 'Its preparation failed, and will be tried again.'}`;
    return { state: 'failed', text, percent: null };
  }
  const percent = Math.round(fraction * 100);
  const what = phase === null ? '' : ` (${phase})`;
  const text = `Being prepared${what}: ${percent} %. A store that you create now waits for it.`;
  return { state: 'preparing', text, percent };
}
