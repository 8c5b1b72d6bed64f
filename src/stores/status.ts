import type { Status } from './store.ts';

/** Everything that may change a store's status, whoever causes it. */
export type Trigger = 'proven' | 'failed' | 'retry' | 'recovered' | 'upgrade' | 'rollback' | 'delete';

/**
 * The only table of status changes. A pair that is not here can't happen:
 * the API answers 409 with the allowed ones, and the dashboard disables the button.
 */
const TRANSITIONS: Record<Status, Partial<Record<Trigger, Status>>> = {
  provisioning: { proven: 'ready', failed: 'failed', delete: 'deleting' },
  // A shop goes on selling while its version is changed.
  ready: { failed: 'failed', upgrade: 'ready', rollback: 'ready', delete: 'deleting' },
  failed: { retry: 'provisioning', recovered: 'ready', delete: 'deleting' },
  stopped: { delete: 'deleting' },
  deleting: { delete: 'deleting' },
};

/** The status that `trigger` leads to, or null where it is not allowed. */
export function next(status: Status, trigger: Trigger): Status | null {
  return TRANSITIONS[status][trigger] ?? null;
}

/** What may be done to a store in this status, for messages and buttons. */
export function allowed(status: Status): Trigger[] {
  return Object.keys(TRANSITIONS[status]) as Trigger[];
}
