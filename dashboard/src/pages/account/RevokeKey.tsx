import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { answer, api } from '../../api/client.ts';
import type { ApiKey } from '../../api/types.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { apiKeysQuery } from './queries.ts';

interface Props {
  subject: ApiKey | null;
  opened: boolean;
  close: () => void;
}

export function RevokeKey({ subject, opened, close }: Props) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: ({ id }: ApiKey) => answer(api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } })),
    meta: { shown: true },
    async onSuccess(_done, { name }) {
      await client.invalidateQueries(apiKeysQuery);
      toast.success(`The key “${name}” is revoked.`);
      close();
    },
  });
  const leave = () => {
    revoke.reset();
    close();
  };
  return (
    <Confirm
      opened={opened}
      title="Revoke this key?"
      action="Revoke the key"
      pending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => subject && revoke.mutate(subject)}
      onClose={leave}
    >
      <Text style={{ overflowWrap: 'anywhere' }}>
        Whatever uses “{subject?.name}” is refused from now on. A revoked key can’t be brought back.
      </Text>
    </Confirm>
  );
}
