import type { Store, StoreEvent } from '../../api/types.ts';
import { attemptsOf, type Row } from './timeline/attempts.ts';

export interface Phase {
  title: string;
  state: 'done' | 'now' | 'later';
  /** How long it took; null while it isn't done. */
  ms: number | null;
}

const SOFTWARE = 'Getting the shop software ready';
const PURCHASE = 'Buying something to see that it sells';

/** The platform's steps as somebody who waits for a shop thinks of them, in their order. */
const PHASES: readonly { title: string; steps: readonly string[] }[] = [
  { title: SOFTWARE, steps: ['prepare'] },
  {
    title: 'Setting up its database and folders',
    steps: ['look', 'reserve', 'discard', 'admit', 'namespace', 'secrets', 'database', 'files'],
  },
  { title: 'Starting the shop', steps: ['release', 'process', 'health'] },
  { title: PURCHASE, steps: ['rollback', 'prove'] },
  { title: 'Opening the shop', steps: ['publish'] },
];

/**
 * How far the attempt that runs is. The software is only spoken of where it had to be waited for, and nothing is bought
 * in a shop that has been open: its data is its owner's.
 */
export function phasesOf({ operation }: Store, events: StoreEvent[]): Phase[] {
  const rows = attemptsOf(events).at(-1)?.rows ?? [];
  const opened = events.some(({ type }) => type === 'ready');
  const waited = operation?.step === 'prepare' || rows.some(({ step }) => step === 'prepare');
  const shown = PHASES.filter(({ title }) => (title !== SOFTWARE || waited) && (title !== PURCHASE || !opened));
  // What waits for its turn is at the beginning, and so is a step that is not known here.
  const now = Math.max(
    0,
    shown.findIndex(({ steps }) => operation !== null && steps.includes(operation.step)),
  );
  return shown.map(({ title, steps }, index) => {
    const state = index < now ? 'done' : index === now ? 'now' : 'later';
    return { title, state, ms: state === 'done' ? timeOf(rows, steps) : null };
  });
}

function timeOf(rows: readonly Row[], steps: readonly string[]): number {
  return rows.reduce((sum, { step, ms }) => sum + (step !== null && steps.includes(step) ? (ms ?? 0) : 0), 0);
}
