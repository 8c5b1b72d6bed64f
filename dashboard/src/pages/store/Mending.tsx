import { Alert, Text } from '@mantine/core';
import type { Store, StoreEvent } from '../../api/types.ts';

interface Props {
  operation: NonNullable<Store['operation']>;
  events: StoreEvent[];
}

/** An open shop that stumbled, and is being set right without anybody's help. */
export function Mending({ operation, events }: Props) {
  const told = events.findLast(({ type, metadata }) => type !== 'step-done' && metadata['step'] === operation.step);
  return (
    <Alert color="yellow" variant="light" title="The shop is being set right" role="status">
      <Text size="sm">It stumbled and is being started again by itself. Nothing needs to be done.</Text>
      {told !== undefined && (
        <Text size="sm" c="dimmed" lineClamp={3}>
          {told.message}
        </Text>
      )}
    </Alert>
  );
}
