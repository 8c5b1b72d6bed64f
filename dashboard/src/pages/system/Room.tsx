import { Group, Progress, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Section } from '../../ui/Section.tsx';
import { bytes } from '../../ui/words.ts';
import { systemQuery } from './queries.ts';

/** From here on a new store may be refused. */
const TIGHT = 0.9;

/** What is left on the machine for more stores. Nothing where no one machine has to hold them. */
export function Room() {
  const { data, error } = useQuery(systemQuery);
  if (data?.room === null || (error !== null && !data)) return null;
  return (
    <Section title="Room" intro="What this machine has left for more stores.">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        {data ? <Meter name="Memory" {...data.room.memory} /> : <Skeleton height={40} />}
        {data ? <Meter name="Disk" {...data.room.disk} /> : <Skeleton height={40} />}
      </SimpleGrid>
    </Section>
  );
}

function Meter({ name, freeBytes, totalBytes }: { name: string; freeBytes: number; totalBytes: number }) {
  const used = totalBytes === 0 ? 0 : 1 - freeBytes / totalBytes;
  return (
    <div>
      <Group justify="space-between" mb={6}>
        <Text fw={500}>{name}</Text>
        <Text size="sm" c="dimmed">
          {bytes(freeBytes)} of {bytes(totalBytes)} free
        </Text>
      </Group>
      <Progress value={used * 100} color={used > TIGHT ? 'red' : 'green'} size="md" aria-label={`${name} in use`} />
    </div>
  );
}
