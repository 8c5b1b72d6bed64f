import type { StoreEvent } from '../../../api/types.ts';

/** One line of a timeline: something that was done and took its time, or something that happened. */
export interface Row {
  id: number;
  at: string;
  title: string;
  /** More about it, such as what to do. */
  detail: string | null;
  step: string | null;
  state: 'done' | 'running' | 'broken' | 'told' | 'good' | 'bad';
  ms: number | null;
  legs: readonly Leg[];
}

/** A part of the test purchase. */
export interface Leg {
  name: string;
  ms: number;
}

/** From an order, or an order to try again, to the next one. */
export interface Attempt {
  number: number;
  startedAt: string;
  outcome: 'running' | 'ready' | 'failed' | 'deleting';
  /** From the order to the first opening. */
  openedAfterMs: number | null;
  rows: Row[];
}

/** A store's story by attempts, oldest first; what began and what ended a step become one line. */
export function attemptsOf(events: readonly StoreEvent[]): Attempt[] {
  const attempts: Attempt[] = [];
  for (const event of events) {
    if (attempts.length === 0 || begins(event)) attempts.push(begin(attempts.length + 1, event));
    const attempt = attempts.at(-1);
    if (attempt) add(attempt, event);
  }
  for (const attempt of attempts.slice(0, -1)) stopRunning(attempt);
  return attempts;
}

/** A failed step that is tried again says `retry` too, with the step. */
function begins({ type, metadata }: StoreEvent): boolean {
  return type === 'created' || (type === 'retry' && metadata['step'] === undefined);
}

function begin(number: number, { createdAt }: StoreEvent): Attempt {
  return { number, startedAt: createdAt, outcome: 'running', openedAfterMs: null, rows: [] };
}

function add(attempt: Attempt, event: StoreEvent): void {
  const { type } = event;
  const step = text(event.metadata['step']);
  switch (type) {
    case 'step-started':
      breakOff(attempt, step, event.createdAt);
      attempt.rows.push({ ...told(event), step, state: 'running' });
      return;
    case 'step-done':
      return endStep(attempt, event, step);
    case 'engine-preparing':
      return prepare(attempt, event);
    case 'proven':
      return prove(attempt, event);
    case 'ready':
      return open(attempt, event);
    case 'upgraded':
    case 'rolled-back':
      attempt.rows.push({ ...told(event), state: 'good', ms: number(event.metadata['ms']) });
      return;
    case 'retry':
    case 'failed':
    case 'upgrade-failed':
      breakOff(attempt, step, event.createdAt);
      if (type === 'failed') attempt.outcome = 'failed';
      if (type === 'failed') stopRunning(attempt, event.createdAt);
      attempt.rows.push({
        ...told(event),
        state: step === null ? 'told' : 'bad',
        detail: text(event.metadata['remedy']),
      });
      return;
    case 'deleting':
      stopRunning(attempt, event.createdAt);
      attempt.outcome = 'deleting';
      attempt.rows.push(told(event));
      return;
    default:
      attempt.rows.push(told(event));
  }
}

function told(event: StoreEvent): Row {
  const { id, createdAt: at, message: title } = event;
  return { id, at, title, detail: null, step: null, state: 'told', ms: null, legs: [] };
}

function endStep(attempt: Attempt, event: StoreEvent, step: string | null): void {
  endPreparation(attempt, event.createdAt);
  const row = attempt.rows.findLast((one) => one.step === step && one.state === 'running');
  if (!row) return;
  row.state = 'done';
  row.ms = number(event.metadata['ms']);
}

/** However often the shared preparation reports, it is one line with the newest word. */
function prepare(attempt: Attempt, event: StoreEvent): void {
  const row = attempt.rows.findLast(({ step, state }) => step === 'prepare' && state === 'running');
  if (row) row.detail = event.message;
  else attempt.rows.push({ ...told(event), step: 'prepare', state: 'running' });
}

/** It has no end of its own in a timeline: the next step's beginning is its end. */
function endPreparation(attempt: Attempt, at: string): void {
  const row = attempt.rows.findLast(({ step, state }) => step === 'prepare' && state === 'running');
  if (!row) return;
  Object.assign(row, { state: 'done', detail: null, ms: Date.parse(at) - Date.parse(row.at) });
}

/** The purchase's own event comes within its step, and has the time of the purchase alone. */
function prove(attempt: Attempt, event: StoreEvent): void {
  const legs = event.metadata['legs'];
  const row = attempt.rows.findLast(({ step, state }) => step === 'prove' && state === 'running');
  const details = { detail: event.message, legs: Array.isArray(legs) ? (legs as Leg[]) : [] };
  if (row) Object.assign(row, details);
  else attempt.rows.push({ ...told(event), legs: details.legs });
}

function open(attempt: Attempt, event: StoreEvent): void {
  const ms = number(event.metadata['ms']) ?? Date.parse(event.createdAt) - Date.parse(attempt.startedAt);
  if (attempt.outcome === 'running') attempt.openedAfterMs ??= ms;
  attempt.outcome = 'ready';
  attempt.rows.push({ ...told(event), state: 'good' });
}

/** What has begun and did not come to its end, before the same is begun again or given up. */
function breakOff(attempt: Attempt, step: string | null, at: string): void {
  if (step !== 'prepare') endPreparation(attempt, at);
  for (const row of attempt.rows) if (row.step === step && row.state === 'running') stop(row, at);
}

function stopRunning(attempt: Attempt, at?: string): void {
  for (const row of attempt.rows) if (row.state === 'running') stop(row, at);
}

function stop(row: Row, at?: string): void {
  row.state = 'broken';
  if (at !== undefined) row.ms = Date.parse(at) - Date.parse(row.at);
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
