import { Button, Group, Text, TextInput } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState, type SyntheticEvent } from 'react';
import { fieldProblem } from '../../api/errors.ts';
import { enginesQuery, meQuery } from '../../api/queries.ts';
import type { Engine, EngineName } from '../../api/types.ts';
import { nameProblem } from '../../stores/names.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { EngineCards, EngineCardsLoading } from './EngineCards.tsx';
import classes from './NewStore.module.css';
import { Full, Trouble, Unanswered } from './Trouble.tsx';
import { useOrder } from './useOrder.ts';
import { useQuota, type Quota } from './useQuota.ts';

const WATCH_PREPARATION_MS = 2000;

/** Orders a store: a name and an engine. */
export function NewStore() {
  const { user } = useSuspenseQuery(meQuery).data;
  const order = useOrder(user.id);
  const { data, error } = useEngines();
  const quota = useQuota();
  const engine = order.draft.engine ?? (data ? firstChoice(data.engines) : null);
  const name = useName(order);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (name.insist() && engine !== null && !order.sending) order.send(engine);
  };
  return (
    <>
      <PageHeader title="Create a store" intro={<span role="status">{quotaText(quota)}</span>} />
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          label="Name"
          description="Shoppers see it. You can use letters from a to z, digits, spaces, - and _."
          placeholder="Tea House"
          autoComplete="off"
          data-autofocus
          size="md"
          {...name.input}
        />
        {data && (
          <EngineCards engines={data.engines} chosen={engine} onChoose={(one) => order.change({ engine: one })} />
        )}
        {!data &&
          (error ? <ErrorPanel title="The kinds of shop could not be loaded" error={error} /> : <EngineCardsLoading />)}
        <Send order={order} quota={quota} possible={engine !== null} />
      </form>
    </>
  );
}

type Order = ReturnType<typeof useOrder>;

function Send({ order, quota, possible }: { order: Order; quota: Quota; possible: boolean }) {
  const { draft, error, sending } = order;
  const full = quota.used !== null && quota.used >= quota.limit;
  // An order that may have arrived is asked for again even then: it may be the one that filled the quota.
  const waits = full && !draft.unanswered;
  return (
    <>
      {waits && <Full text={`You have ${quota.limit} stores, which is the limit. Delete one to make room.`} />}
      {!waits && <Trouble error={error} />}
      {draft.unanswered && error === null && !sending && <Unanswered name={draft.name.trim()} />}
      <Group>
        <Button type="submit" size="md" loading={sending} disabled={waits || !possible}>
          Create store
        </Button>
        <Button component={Link} to="/" variant="subtle" color="gray" size="md">
          Cancel
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        You can watch it being made. It is ready when the platform has bought something in it.
      </Text>
    </>
  );
}

/** The field for the name: it complains early about what can't become right, late about what is not done yet. */
function useName({ draft, error, sending, change }: Order) {
  const field = useRef<HTMLInputElement>(null);
  const [left, setLeft] = useState(false);
  const problem = nameProblem(draft.name);
  const refused = fieldProblem(error, 'name');
  const shown = problem && (problem.early || left) ? problem.text : refused && `The name ${refused}.`;
  return {
    input: {
      ref: field,
      value: draft.name,
      readOnly: sending,
      error: shown,
      onBlur: () => setLeft(draft.name !== ''),
      onChange: (event: { currentTarget: { value: string } }) => change({ name: event.currentTarget.value }),
    },
    /** Whether it will do; if not, says so and leads there. */
    insist(): boolean {
      if (!problem) return true;
      setLeft(true);
      field.current?.focus();
      return false;
    },
  };
}

function useEngines() {
  return useQuery({
    ...enginesQuery,
    refetchInterval: ({ state }) =>
      state.data?.engines.some(({ preparation }) => preparation?.status === 'running') ? WATCH_PREPARATION_MS : false,
  });
}

/** One that can be used at once, rather than one that can't. */
function firstChoice(engines: Engine[]): EngineName | null {
  const ready = engines.find(({ preparation }) => preparation?.status === 'ready');
  return (ready ?? engines[0])?.name ?? null;
}

function quotaText({ limit, used }: Quota): string {
  const most = limit.toLocaleString('en');
  return used === null ? `You can have up to ${most} stores` : `${used.toLocaleString('en')} of ${most} stores used`;
}
