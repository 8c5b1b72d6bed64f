import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { toast } from 'sonner';
import { answer, api } from '../../api/client.ts';
import { ApiError, fieldProblem } from '../../api/errors.ts';
import type { User } from '../../api/types.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PEOPLE } from './queries.ts';
import { SignInLink } from './SignInLink.tsx';

interface Props {
  opened: boolean;
  onClose: () => void;
  onInvited: () => void;
}

/** A click beside it closes nothing here: the link could not be shown again. */
export function Invite({ opened, onClose, onInvited }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Invite a person" centered closeOnClickOutside={false}>
      <Inviting onClose={onClose} onInvited={onInvited} />
    </Modal>
  );
}

type Guest = Pick<User, 'email' | 'role'>;

/** Lives as long as the dialog is open, and so does the link in it. */
function Inviting({ onClose, onInvited }: { onClose: () => void; onInvited: () => void }) {
  const client = useQueryClient();
  const invite = useMutation({
    mutationFn: (guest: Guest) => answer(api.POST('/api/v1/users', { body: guest })),
    meta: { shown: true },
    gcTime: 0,
    onSuccess({ user }) {
      toast.success(`${user.email} is invited.`);
      onInvited();
      return client.invalidateQueries(PEOPLE);
    },
  });
  if (invite.data) {
    return <SignInLink email={invite.data.user.email} url={invite.data.signInUrl} onDone={onClose} />;
  }
  return <GuestForm pending={invite.isPending} error={invite.error} onInvite={invite.mutate} onCancel={onClose} />;
}

interface FormProps {
  pending: boolean;
  error: Error | null;
  onInvite: (guest: Guest) => void;
  onCancel: () => void;
}

function GuestForm({ pending, error, onInvite, onCancel }: FormProps) {
  const problem = emailProblem(error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onInvite(Object.fromEntries(new FormData(event.currentTarget)) as unknown as Guest);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {error !== null && problem === null && <ErrorPanel error={error} />}
        <TextInput
          label="E-mail"
          name="email"
          type="email"
          required
          withAsterisk={false}
          autoComplete="off"
          error={problem}
          data-autofocus
        />
        <Radio.Group label="Role" name="role" defaultValue="member">
          <Stack gap="xs" mt={4}>
            <Radio value="member" label="Member" description="Makes and runs their own stores." />
            <Radio value="admin" label="Admin" description="Sees and runs all stores, and lets people in." />
          </Stack>
        </Radio.Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={pending}>
            Invite
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** An address that is taken is named as the cause in its own way, since it is no fault of form. */
function emailProblem(error: Error | null): string | null {
  const taken = error instanceof ApiError && error.details['field'] === 'email';
  return taken ? error.message : fieldProblem(error, 'email');
}
