import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import type { User } from '../../api/types.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { SignInLink } from './SignInLink.tsx';

interface Props {
  subject: User | null;
  opened: boolean;
  close: () => void;
}

/** A new way in for somebody who has lost theirs. A click beside it closes nothing: the link is shown once. */
export function NewLink({ subject, opened, close }: Props) {
  return (
    <Modal opened={opened} onClose={close} title="New sign-in link" centered closeOnClickOutside={false}>
      {subject && <Making user={subject} onClose={close} />}
    </Modal>
  );
}

function Making({ user: { id, email }, onClose }: { user: User; onClose: () => void }) {
  const make = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/users/{id}/sign-in-links', { params: { path: { id } } })),
    meta: { shown: true },
    gcTime: 0,
  });
  if (make.data) return <SignInLink email={email} url={make.data.signInUrl} onDone={onClose} />;
  return (
    <Stack>
      <Text style={{ overflowWrap: 'anywhere' }}>
        It signs {email} in once, within 7 days, for example to set a new password.
      </Text>
      {make.error !== null && <ErrorPanel error={make.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={make.isPending} onClick={() => make.mutate()} data-autofocus>
          Make the link
        </Button>
      </Group>
    </Stack>
  );
}
