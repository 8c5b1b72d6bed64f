import type { StoreStatus } from '../api/types.ts';
import classes from './StatusBadge.module.css';

/**
 * The word says it; the colour only helps. Plain markup, because a list has dozens of these and they come while one
 * scrolls: Mantine's badge takes ten times as long.
 */
export function StatusBadge({ status }: { status: StoreStatus }) {
  return (
    <span className={classes.status} data-status={status}>
      {status}
    </span>
  );
}
