import { Skeleton, Table, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Section } from '../../ui/Section.tsx';
import { AuditRow } from './AuditRow.tsx';
import { More } from './More.tsx';
import { auditQuery } from './queries.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who did what, the newest first. What concerns a store can be looked at alone, also after it is gone. */
export function AuditLog() {
  const [filter, setFilter] = useState('');
  const wanted = filter.trim();
  const isId = UUID.test(wanted);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    auditQuery(isId ? wanted.toLowerCase() : null),
  );
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <Section title="Audit log" intro="Who did what, the newest first. Entries outlive the store and the person.">
      <TextInput
        label="Only of one store"
        placeholder="The store’s id, or nothing for all"
        value={filter}
        onChange={({ currentTarget }) => setFilter(currentTarget.value)}
        error={wanted === '' || isId ? null : 'A store’s id looks like 0b5c4a1e-…; its page has it under Settings.'}
        maw={420}
        mb="md"
      />
      {error !== null && !data && <ErrorPanel error={error} title="The audit log could not be loaded" />}
      {error === null && !data && <Skeleton height={400} />}
      {data && entries.length === 0 && <Text c="dimmed">Nothing was done to this store.</Text>}
      {entries.length > 0 && <Entries entries={entries} onStore={setFilter} />}
      {hasNextPage && (
        <More loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show older entries
        </More>
      )}
    </Section>
  );
}

function Entries({
  entries,
  onStore,
}: {
  entries: Parameters<typeof AuditRow>[0]['entry'][];
  onStore: (id: string) => void;
}) {
  return (
    <Table verticalSpacing="xs" fz="sm" layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={{ base: '30%', sm: '15%' }}>When</Table.Th>
          <Table.Th visibleFrom="sm">Who</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th visibleFrom="sm">About</Table.Th>
          <Table.Th visibleFrom="sm" w="15%">
            From
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <AuditRow key={entry.id} entry={entry} onStore={onStore} />
        ))}
      </Table.Tbody>
    </Table>
  );
}
