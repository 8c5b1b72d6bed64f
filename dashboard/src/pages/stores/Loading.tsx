import { Skeleton } from '@mantine/core';
import classes from './Stores.module.css';

const ROWS = [1, 2, 3, 4, 5, 6];

/** As high as what will stand there. */
export function Loading({ narrow }: { narrow: boolean }) {
  return (
    <div role="status" aria-label="Loading the stores">
      {!narrow && <Skeleton height={40} radius={0} mb={0} />}
      {ROWS.map((row) => (
        <div key={row} className={narrow ? classes.card : classes.row}>
          <Skeleton height={14} width="40%" mt={narrow ? 4 : 18} mb={10} ms={narrow ? 0 : 12} />
          <Skeleton height={12} width="65%" ms={narrow ? 0 : 12} />
        </div>
      ))}
    </div>
  );
}
