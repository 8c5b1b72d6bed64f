import { UnstyledButton } from '@mantine/core';
import { useSecondsUntil } from '../sign-in/use-seconds-until.ts';
import type { Connection } from './feed.ts';
import classes from './Live.module.css';

const WORDS = {
  connecting: 'Connecting…',
  live: 'Live',
  offline: 'Offline',
  waiting: 'Reconnecting',
  refused: 'Reconnecting',
};

/** Whether what is shown is what is. The seconds are for the eye: they would be read aloud each time. */
export function Sign({ connection, onRetry }: { connection: Connection; onRetry: () => void }) {
  const { state } = connection;
  const retryAt = 'retryAt' in connection ? connection.retryAt : null;
  const seconds = useSecondsUntil(retryAt);
  return (
    <span className={classes.sign} data-state={state}>
      <span role="status" aria-label="Connection">
        {WORDS[state]}
      </span>
      {retryAt && (
        <>
          <span aria-hidden="true" className={classes.seconds}>
            in {seconds} s
          </span>
          <UnstyledButton className={classes.tryNow} onClick={onRetry}>
            Try now
          </UnstyledButton>
        </>
      )}
    </span>
  );
}
