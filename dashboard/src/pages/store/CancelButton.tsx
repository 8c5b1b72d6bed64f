import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Store } from '../../api/types.ts';
import { isAllowed } from '../../stores/actions.ts';
import { useDelete } from './mutations.ts';

/** Stops the making of a shop, which removes it. */
export function CancelButton({ store }: { store: Store }) {
  const [asking, { open, close }] = useDisclosure(false);
  const remove = useDelete(store.id);
  return (
    <>
      <Button variant="default" size="xs" onClick={open} disabled={!isAllowed(store.status, 'delete')}>
        Cancel
      </Button>
      <Modal opened={asking} onClose={close} title="Stop making this shop?" centered>
        <Text size="sm" mb="lg">
          {store.name} is removed, with everything that was made for it so far.
        </Text>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close} data-autofocus>
            Keep making it
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate(undefined, { onSettled: close })}>
            Stop and remove it
          </Button>
        </Group>
      </Modal>
    </>
  );
}
