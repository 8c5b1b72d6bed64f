import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorPanel } from './ErrorPanel.tsx';

interface Props {
  opened: boolean;
  title: string;
  /** What the button says: the deed itself, and not "OK". */
  action: string;
  /** Red for what destroys. */
  colour?: 'red' | 'primary';
  pending: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something that can't be taken back, says what it does, and why it failed. */
export function Confirm(props: Props) {
  const { opened, title, action, colour = 'red', pending, error, onConfirm, onClose, children } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered>
      <Stack>
        {children}
        {error !== null && <ErrorPanel error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button {...(colour === 'red' && { color: 'red' })} loading={pending} onClick={onConfirm}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
