import type { StoreStatus } from '../api/types.ts';

/** What people may do to a store; everything else that changes its status is the platform's own doing. */
export type StoreAction = 'retry' | 'upgrade' | 'rollback' | 'delete';

/** The platform's table of status changes (src/stores/status.ts), as far as people cause them. */
const ALLOWED: Record<StoreStatus, readonly StoreAction[]> = {
  provisioning: ['delete'],
  ready: ['upgrade', 'rollback', 'delete'],
  failed: ['retry', 'delete'],
  stopped: ['delete'],
  deleting: ['delete'],
};

/** What is enabled for a store in this status. */
export function allowed(status: StoreStatus): readonly StoreAction[] {
  return ALLOWED[status];
}

export function isAllowed(status: StoreStatus, action: StoreAction): boolean {
  return ALLOWED[status].includes(action);
}
