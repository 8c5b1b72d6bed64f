import { Alert, Group, Loader, Text } from '@mantine/core';
import type { Store, StoreEvent } from '../../api/types.ts';
import { doing } from '../stores/doing.ts';

interface Props {
  store: Store;
  events: StoreEvent[];
}

/** An open shop on its way to another version. */
export function Upgrading({ store, events }: Props) {
  const last = events.at(-1);
  const stumbled = last?.type === 'retry' ? last.message : null;
  return (
    <Alert variant="light" title="The shop’s version is being changed" role="status">
      <Text size="sm">It goes on selling meanwhile, and keeps its data.</Text>
      <Group gap="xs" mt="xs" wrap="nowrap">
        <Loader size={14} aria-hidden="true" />
        <Text size="sm">{doing(store)}</Text>
      </Group>
      {stumbled !== null && (
        <Text size="sm" c="dimmed" lineClamp={3}>
          {stumbled}
        </Text>
      )}
    </Alert>
  );
}
