import { Alert, Button, Group, Pagination } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../api/errors.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Invite } from './Invite.tsx';
import { PeopleTable } from './PeopleTable.tsx';
import { PAGE_SIZE, peopleQuery } from './queries.ts';

/** Who may use the platform; for admins. */
export function People() {
  const [page, setPage] = useState(1);
  const [inviting, { open, close }] = useDisclosure(false);
  const { data, error, isPlaceholderData } = useQuery(peopleQuery(page));
  const pages = Math.ceil((data?.total ?? 0) / PAGE_SIZE);
  if (error !== null) return <Failure error={error} />;
  return (
    <>
      <PageHeader
        title="People"
        intro="Who may use the platform. Members see their own stores, admins see all."
        actions={<Button onClick={open}>Invite a person</Button>}
      />
      <PeopleTable users={data?.users} stale={isPlaceholderData} />
      {pages > 1 && (
        <Group justify="center" mt="lg">
          <Pages page={page} pages={pages} onChange={setPage} />
        </Group>
      )}
      <Invite
        opened={inviting}
        onClose={close}
        // The newest person is the last of the list.
        onInvited={() => setPage(Math.ceil(((data?.total ?? 0) + 1) / PAGE_SIZE))}
      />
    </>
  );
}

interface PagesProps {
  page: number;
  pages: number;
  onChange: (page: number) => void;
}

function Pages({ page, pages, onChange }: PagesProps) {
  return (
    <nav aria-label="Pages">
      <Pagination
        total={pages}
        value={page}
        onChange={onChange}
        getItemProps={(item) => ({ 'aria-label': `Page ${item}` })}
        getControlProps={(control) => ({ 'aria-label': control === 'next' ? 'Next page' : 'Previous page' })}
      />
    </nav>
  );
}

/** A member who comes here did nothing wrong. */
function Failure({ error }: { error: Error }) {
  const closed = error instanceof ApiError && error.status === 403;
  return (
    <>
      <PageHeader title="People" />
      {closed ? (
        <Alert color="gray" variant="light" role="status">
          {error.message} Ask one of them if somebody should be invited.
        </Alert>
      ) : (
        <ErrorPanel error={error} title="The people could not be loaded" />
      )}
    </>
  );
}
