import { Text, Title } from '@mantine/core';
import { clock, duration } from '../../../ui/words.ts';
import type { Attempt, Row } from './attempts.ts';
import classes from './Timeline.module.css';

const OUTCOMES: Record<Attempt['outcome'], string> = {
  running: 'under way',
  ready: 'open again',
  failed: 'failed',
  deleting: 'deleted',
};

/** One attempt at making the shop, and what came after it. Only the newest is unfolded by itself. */
export function AttemptCard({ attempt, newest }: { attempt: Attempt; newest: boolean }) {
  const { number, startedAt, outcome, openedAfterMs, rows } = attempt;
  const opened = openedAfterMs === null ? '' : `open after ${duration(openedAfterMs)}`;
  const told = [opened, outcome === 'ready' && opened !== '' ? '' : OUTCOMES[outcome]].filter((word) => word !== '');
  return (
    <details className={classes.attempt} open={newest}>
      <summary>
        <Title order={2} size="h5" component="h2" className={classes.title}>
          Attempt {number}
        </Title>
        <Text size="sm" c="dimmed" span>
          {told.join(', then ')} · <time dateTime={startedAt}>{clock(startedAt)}</time>
        </Text>
      </summary>
      <ol className={classes.rows}>
        {rows.map((row) => (
          <Line key={row.id} row={row} />
        ))}
      </ol>
    </details>
  );
}

const STATES: Partial<Record<Row['state'], string>> = { running: 'under way', broken: 'not finished' };

function Line({ row: { at, title, detail, state, ms, legs } }: { row: Row }) {
  return (
    <li className={classes.row} data-state={state}>
      <time dateTime={at} title={new Date(at).toLocaleString()}>
        {new Date(at).toLocaleTimeString()}
      </time>
      <div>
        {title}
        {detail !== null && <div className={classes.detail}>{detail}</div>}
        {legs.length > 0 && <Legs legs={legs} />}
      </div>
      <span className={classes.took}>
        {ms !== null && duration(ms)} {STATES[state]}
      </span>
    </li>
  );
}

function Legs({ legs }: Pick<Row, 'legs'>) {
  return (
    <ul className={classes.legs} aria-label="Parts of the test purchase">
      {legs.map(({ name, ms }) => (
        <li key={name}>
          {name} <span>{duration(ms)}</span>
        </li>
      ))}
    </ul>
  );
}
