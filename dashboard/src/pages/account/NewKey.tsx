import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { toast } from 'sonner';
import { answer, api } from '../../api/client.ts';
import { fieldProblem } from '../../api/errors.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { ShownOnce } from '../../ui/ShownOnce.tsx';
import { apiKeysQuery } from './queries.ts';

const DAY_MS = 86_400_000;
const LIFETIMES = [
  { value: '', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
];

interface Props {
  opened: boolean;
  onClose: () => void;
}

/** A click beside it closes nothing here: the key could not be shown again. */
export function NewKey({ opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Make an API key" centered closeOnClickOutside={false}>
      <Making onClose={onClose} />
    </Modal>
  );
}

/** Lives as long as the dialog is open, and so does the key in it. */
function Making({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: ({ name, days }: Wish) => answer(api.POST('/api/v1/api-keys', { body: { name, ...expiry(days) } })),
    meta: { shown: true },
    gcTime: 0,
    onSuccess({ name }) {
      toast.success(`The key “${name}” is made.`);
      return client.invalidateQueries(apiKeysQuery);
    },
  });
  if (make.data) {
    return <ShownOnce label="API key" secret={make.data.key} warning={WARNING} onDone={onClose} />;
  }
  return <KeyForm pending={make.isPending} error={make.error} onWish={make.mutate} onCancel={onClose} />;
}

const WARNING = 'Copy the key now: it is not shown again. Whoever has it can do what you can do, so keep it secret.';

interface Wish {
  name: string;
  /** Empty: for ever. */
  days: string;
}

function expiry(days: string): { expiresAt?: string } {
  return days === '' ? {} : { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() };
}

interface FormProps {
  pending: boolean;
  error: Error | null;
  onWish: (wish: Wish) => void;
  onCancel: () => void;
}

function KeyForm({ pending, error, onWish, onCancel }: FormProps) {
  const problem = fieldProblem(error, 'name');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onWish(Object.fromEntries(new FormData(event.currentTarget)) as unknown as Wish);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {error !== null && problem === null && <ErrorPanel error={error} />}
        <TextInput
          label="Name"
          description="What it is for, such as “backup script”."
          name="name"
          required
          withAsterisk={false}
          maxLength={255}
          autoComplete="off"
          error={problem}
          data-autofocus
        />
        <NativeSelect label="Expires" name="days" data={LIFETIMES} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={pending}>
            Make the key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
