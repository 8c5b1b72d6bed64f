import { Skeleton } from '@mantine/core';
import classes from './Live.module.css';

/** As much room as the day will take. */
export function Loading() {
  return (
    <div role="status" aria-label="Loading the live orders" className={classes.day}>
      <Skeleton className={classes.headline ?? ''} height={126} radius="md" />
      <Skeleton className={classes.hours ?? ''} height={330} radius="md" />
      <Skeleton className={classes.products ?? ''} height={330} radius="md" />
      <Skeleton className={classes.recent ?? ''} height={420} radius="md" />
    </div>
  );
}
