import { Skeleton, Table, VisuallyHidden } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.ts';
import type { User } from '../../api/types.ts';
import { useSubject } from '../../ui/use-subject.ts';
import type { Deed } from './deeds.ts';
import { ConfirmDeed } from './ConfirmDeed.tsx';
import { NewLink } from './NewLink.tsx';
import { PersonRow } from './PersonRow.tsx';

const PLACEHOLDERS = ['first', 'second', 'third'];

interface Props {
  /** Undefined while they are loading. */
  users: readonly User[] | undefined;
  /** Another page is on its way. */
  stale: boolean;
}

export function PeopleTable({ users, stale }: Props) {
  const me = useSuspenseQuery(meQuery).data.user;
  const confirming = useSubject<{ deed: Deed; user: User }>();
  const link = useSubject<User>();
  return (
    <>
      <Table verticalSpacing="sm" horizontalSpacing="xs" aria-busy={stale || users === undefined}>
        <Head />
        <Table.Tbody opacity={stale ? 0.5 : 1}>
          {users === undefined && PLACEHOLDERS.map((name) => <PlaceholderRow key={name} />)}
          {users?.map((user) => (
            <PersonRow
              key={user.id}
              user={user}
              isMe={user.id === me.id}
              onLink={() => link.show(user)}
              onAsk={(deed) => confirming.show({ deed, user })}
            />
          ))}
        </Table.Tbody>
      </Table>
      <ConfirmDeed {...confirming} />
      <NewLink {...link} />
    </>
  );
}

function Head() {
  return (
    <Table.Thead>
      <Table.Tr>
        <Table.Th>E-mail</Table.Th>
        <Table.Th visibleFrom="sm">Role</Table.Th>
        <Table.Th>State</Table.Th>
        <Table.Th visibleFrom="sm">Since</Table.Th>
        <Table.Th>
          <VisuallyHidden>Actions</VisuallyHidden>
        </Table.Th>
      </Table.Tr>
    </Table.Thead>
  );
}

function PlaceholderRow() {
  return (
    <Table.Tr>
      <Table.Td colSpan={5}>
        <Skeleton height={30} />
      </Table.Td>
    </Table.Tr>
  );
}
