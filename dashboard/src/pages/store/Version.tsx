import { Alert, Button, Code, Group, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Store, StoreEvent } from '../../api/types.ts';
import { isAllowed } from '../../stores/actions.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { useVersionChange, type VersionChange } from './mutations.ts';
import classes from './Store.module.css';
import { failedChange } from './version-story.ts';

interface Props {
  store: Store;
  events: StoreEvent[];
}

/** The version of its engine that a shop runs, and the ways to another one, where there are any. */
export function Version({ store, events }: Props) {
  const { status, engineVersion, upgradeTo, rollbackTo } = store;
  const [asked, ask] = useState<VersionChange>('upgrade');
  const [asking, setAsking] = useState(false);
  if (engineVersion === null) return null;
  const begin = (change: VersionChange) => () => {
    ask(change);
    setAsking(true);
  };
  const failure = failedChange(events);
  return (
    <section className={classes.card} aria-labelledby="version">
      <Title order={2} size="h4" id="version" mb="xs">
        Version
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {about(store)} <Code>{engineVersion}</Code>
      </Text>
      {failure !== null && (
        <Alert color="yellow" variant="light" title="The last change of version did not work" mb="sm">
          <Text size="sm">{failure}</Text>
        </Alert>
      )}
      <Group gap="sm">
        {upgradeTo !== null && (
          <Button onClick={begin('upgrade')} disabled={!isAllowed(status, 'upgrade')}>
            Upgrade
          </Button>
        )}
        {rollbackTo !== null && (
          <Button variant="default" onClick={begin('rollback')} disabled={!isAllowed(status, 'rollback')}>
            Roll back
          </Button>
        )}
      </Group>
      <ConfirmChange store={store} change={asked} opened={asking} close={() => setAsking(false)} />
    </section>
  );
}

function about({ operation, upgradeTo }: Store): string {
  if (operation?.type === 'upgrade') return 'The shop is on its way to';
  return upgradeTo === null ? 'The shop runs' : 'There is a newer one. The shop runs';
}

const WORDS: Record<VersionChange, { title: (name: string) => string; action: string; effect: string }> = {
  upgrade: {
    title: (name) => `Upgrade ${name}?`,
    action: 'Upgrade',
    effect:
      'The newest version of its software is brought to it. It goes on selling meanwhile and keeps all its data. If ' +
      'the new version does not come up, the shop goes back to this one by itself.',
  },
  rollback: {
    title: (name) => `Roll ${name} back?`,
    action: 'Roll back',
    effect:
      'It goes back to the version of its software that it ran before. It goes on selling meanwhile and keeps all its ' +
      'data, with the orders that have come in since.',
  },
};

interface ConfirmProps {
  store: Store;
  change: VersionChange;
  opened: boolean;
  close: () => void;
}

function ConfirmChange({ store: { id, name, upgradeTo, rollbackTo }, change, opened, close }: ConfirmProps) {
  const order = useVersionChange(id);
  const { title, action, effect } = WORDS[change];
  const target = change === 'upgrade' ? upgradeTo : rollbackTo;
  const leave = () => {
    order.reset();
    close();
  };
  return (
    <Confirm
      opened={opened}
      title={title(name)}
      action={action}
      colour="primary"
      pending={order.isPending}
      error={order.error}
      onConfirm={() => order.mutate(change, { onSuccess: close })}
      onClose={leave}
    >
      <Text>{effect}</Text>
      {target !== null && (
        <Text size="sm">
          To version <Code>{target}</Code>
        </Text>
      )}
    </Confirm>
  );
}
