import { Button, Skeleton, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { answer, api } from '../../api/client.ts';
import { Age } from '../../ui/Age.tsx';
import { Confirm } from '../../ui/Confirm.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Section } from '../../ui/Section.tsx';
import { count } from '../../ui/words.ts';
import { orphansQuery, type Orphan } from './queries.ts';
import classes from './System.module.css';

/** What belongs to no store any more, and the word that it may go. */
export function Orphans() {
  const { data, error } = useQuery(orphansQuery);
  const [asking, { open, close }] = useDisclosure(false);
  const orphans = data?.orphans ?? [];
  const waiting = orphans.filter(({ confirmedAt }) => confirmedAt === null);
  return (
    <Section
      title="Leftovers"
      intro="What is on the machine and belongs to no store. It is stopped when it is found, and removed a day later; of more than three stores at once only with your word."
      action={waiting.length > 0 && <Button onClick={open}>Remove all</Button>}
    >
      {error !== null && !data && <ErrorPanel error={error} title="The leftovers could not be loaded" />}
      {error === null && !data && <Skeleton height={25} />}
      {data && orphans.length === 0 && <Text>Nothing is left over.</Text>}
      {orphans.length > 0 && <OrphanTable orphans={orphans} />}
      <Removal opened={asking} number={waiting.length} close={close} />
    </Section>
  );
}

function Removal({ opened, number, close }: { opened: boolean; number: number; close: () => void }) {
  const client = useQueryClient();
  const confirm = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/orphans/confirm', {})),
    meta: { shown: true },
    async onSuccess({ confirmed }) {
      close();
      toast.success(`${count(confirmed, 'leftover')} will be gone within ten minutes.`);
      await client.invalidateQueries({ queryKey: ['system'] });
    },
  });
  return (
    <Confirm
      opened={opened}
      title={`Remove ${count(number, 'leftover')}?`}
      action="Remove all"
      pending={confirm.isPending}
      error={confirm.error}
      onConfirm={() => confirm.mutate()}
      onClose={close}
    >
      <Text>
        Processes, databases and folders in this list are removed for good. After restoring an old copy of the
        platform’s database, make sure first that nothing in it is still needed.
      </Text>
    </Confirm>
  );
}

function OrphanTable({ orphans }: { orphans: readonly Orphan[] }) {
  return (
    <Table verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>What</Table.Th>
          <Table.Th>Found</Table.Th>
          <Table.Th>State</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {orphans.map(({ kind, name, firstSeenAt, confirmedAt }) => (
          <Table.Tr key={`${kind} ${name}`}>
            <Table.Td className={classes.breaks}>
              {name}
              <Text size="xs" c="dimmed">
                {kind}
              </Text>
            </Table.Td>
            <Table.Td>
              <Age at={firstSeenAt} />
            </Table.Td>
            <Table.Td>{confirmedAt === null ? 'Stopped' : 'To be removed'}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
