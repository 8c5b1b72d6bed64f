import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { Store, StoreEvent } from '../../api/types.ts';
import { isAllowed } from '../../stores/actions.ts';
import { useRetry } from './mutations.ts';

interface Props {
  store: Store;
  events: StoreEvent[];
  onShowLogs: () => void;
}

/** Why, and what to do about it. */
export function Failed({ store, events, onShowLogs }: Props) {
  const retry = useRetry(store.id);
  const remedy = events.findLast(({ type }) => type === 'failed')?.metadata['remedy'];
  const opened = events.some(({ type }) => type === 'ready');
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      title={opened ? 'The shop has stopped working' : 'The shop could not be made'}
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{store.errorMessage ?? 'The reason is in the timeline.'}</Text>
        <Text size="sm" mih="1.55em">
          {typeof remedy === 'string' && remedy}
        </Text>
        <Group gap="sm">
          <Button onClick={() => retry.mutate()} loading={retry.isPending} disabled={!isAllowed(store.status, 'retry')}>
            Retry
          </Button>
          <Button variant="default" onClick={onShowLogs}>
            Look at the log
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
