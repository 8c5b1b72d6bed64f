import type { StoreEvent } from '../../api/types.ts';

const CHANGES = new Set(['upgrade', 'rollback', 'upgraded', 'rolled-back', 'upgrade-failed']);

/** Why the last change of version did not work; null where it worked, is under way, or there was none. */
export function failedChange(events: readonly StoreEvent[]): string | null {
  const last = events.findLast(({ type }) => CHANGES.has(type));
  return last?.type === 'upgrade-failed' ? last.message : null;
}
