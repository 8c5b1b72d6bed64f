import { Alert, Group, Loader, Text } from '@mantine/core';
import type { Store } from '../../api/types.ts';

/** Until it is gone; then the page leaves by itself. */
export function Deleting({ store }: { store: Store }) {
  return (
    <Alert color="orange" variant="light" mb="lg" role="status">
      <Group gap="sm" wrap="nowrap">
        <Loader size="xs" color="orange" aria-hidden="true" />
        <Text size="sm">
          {store.name} is being deleted: its shop, orders, database, files and addresses. This takes a few seconds.
        </Text>
      </Group>
    </Alert>
  );
}
