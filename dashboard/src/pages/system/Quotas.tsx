import { Group, Progress, Skeleton, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Section } from '../../ui/Section.tsx';
import { count } from '../../ui/words.ts';
import { More } from './More.tsx';
import { systemQuery, type SystemState } from './queries.ts';
import classes from './System.module.css';

const SHOWN_FIRST = 10;

/** How many stores each person may have, and who has how many. */
export function Quotas() {
  const { data, error } = useQuery(systemQuery);
  const [all, setAll] = useState(false);
  if (error !== null && !data) return null;
  const quota = data?.quota;
  const people = quota?.people ?? [];
  return (
    <Section
      title="Quotas"
      intro={quota ? `Each person may have ${count(quota.stores, 'store')} (MAX_STORES_PER_USER).` : 'Asking …'}
    >
      {!quota && <Skeleton height={80} />}
      {quota && people.length === 0 && <Text c="dimmed">Nobody has a store yet.</Text>}
      {quota && people.length > 0 && (
        <Usage people={all ? people : people.slice(0, SHOWN_FIRST)} limit={quota.stores} />
      )}
      {!all && people.length > SHOWN_FIRST && <More onClick={() => setAll(true)}>Show more people</More>}
    </Section>
  );
}

function Usage({ people, limit }: { people: SystemState['quota']['people']; limit: number }) {
  return (
    <Table verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Person</Table.Th>
          <Table.Th w="45%">Stores</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {people.map(({ userId, email, stores }) => (
          <Table.Tr key={userId}>
            <Table.Td className={classes.breaks}>{email}</Table.Td>
            <Table.Td>
              <Group gap="sm" wrap="nowrap">
                <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
                  {stores} of {limit}
                </Text>
                <Progress
                  value={(stores / limit) * 100}
                  color={stores >= limit ? 'orange' : 'green'}
                  flex={1}
                  visibleFrom="sm"
                  aria-label={`Quota of ${email}`}
                />
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
