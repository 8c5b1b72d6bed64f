import { Group, Loader, Text, Title, VisuallyHidden } from '@mantine/core';
import type { Store, StoreEvent } from '../../api/types.ts';
import { CancelButton } from './CancelButton.tsx';
import { phasesOf, type Phase } from './phases.ts';
import { Preparation } from './Preparation.tsx';
import classes from './Store.module.css';
import { useNow } from '../../ui/use-now.ts';
import { duration } from '../../ui/words.ts';

/** What happens right now while a shop is made, and what is done already. */
export function Provisioning({ store, events }: { store: Store; events: StoreEvent[] }) {
  const phases = phasesOf(store, events);
  const now = phases.find(({ state }) => state === 'now');
  const last = events.at(-1);
  const opened = events.some(({ type }) => type === 'ready');
  const stumbled = last?.type === 'retry' && last.metadata['step'] !== undefined ? last.message : null;
  return (
    <section className={classes.card} aria-labelledby="progress">
      <Group justify="space-between" wrap="nowrap" align="flex-start" mb="xs">
        <Title order={2} size="h4" id="progress">
          {opened ? 'Your shop is being brought back' : 'Your shop is being made'}
        </Title>
        {!opened && <CancelButton store={store} />}
      </Group>
      <VisuallyHidden role="status">{now?.title ?? 'Waiting for its turn'}</VisuallyHidden>
      <ol className={classes.phases}>
        {phases.map((phase) => (
          <PhaseLine key={phase.title} phase={phase} since={store.operation?.startedAt} />
        ))}
      </ol>
      {store.operation?.step === 'prepare' && <Preparation engine={store.engine} events={events} />}
      {stumbled !== null && (
        <Text size="sm" c="dimmed" mt="sm" role="status">
          {stumbled}
        </Text>
      )}
    </section>
  );
}

function PhaseLine({ phase: { title, state, ms }, since }: { phase: Phase; since: string | undefined }) {
  return (
    <li className={classes.phase} data-state={state} {...(state === 'now' && { 'aria-current': 'step' as const })}>
      <span className={classes.mark} aria-hidden="true">
        {state === 'done' && <Tick />}
        {state === 'now' && <Loader size={16} />}
        {state === 'later' && <span className={classes.dot} />}
      </span>
      <span>{title}</span>
      {state === 'done' && <small>{duration(ms ?? 0)}</small>}
      {state === 'now' && since !== undefined && <Running since={since} />}
    </li>
  );
}

/** Seconds that a step takes already. Clocks differ; it never goes below zero. */
function Running({ since }: { since: string }) {
  const seconds = Math.max(0, Math.floor((useNow() - Date.parse(since)) / 1000));
  return <small>{seconds < 60 ? `${seconds} s` : duration(seconds * 1000)}</small>;
}

function Tick() {
  return (
    <svg viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" strokeWidth="2.5">
      <path d="M5 13l4 4L19 7" />
    </svg>
  );
}
