import { Badge, Table, Text } from '@mantine/core';
import type { User } from '../../api/types.ts';
import { Day } from '../../ui/Day.tsx';
import { useDeed, type Deed } from './deeds.ts';
import { PersonMenu } from './PersonMenu.tsx';

interface Props {
  user: User;
  isMe: boolean;
  onLink: () => void;
  /** Something that should be asked about first. */
  onAsk: (deed: Deed) => void;
}

/** On a phone, what has no column of its own stands below the address. */
export function PersonRow({ user, isMe, onLink, onAsk }: Props) {
  const change = useDeed();
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={500} span>
          {user.email}
        </Text>
        {isMe && ' (you)'}
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {user.role}, since <Day at={user.createdAt} />
        </Text>
        {isMe && (
          <Text size="xs" c="dimmed">
            Only another admin can change your role, suspend or remove you.
          </Text>
        )}
      </Table.Td>
      <Table.Td visibleFrom="sm">{user.role}</Table.Td>
      <Table.Td>
        <Badge variant="light" color={user.suspended ? 'red' : 'green'} tt="none">
          {user.suspended ? 'suspended' : 'active'}
        </Badge>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Day at={user.createdAt} />
      </Table.Td>
      <Table.Td ta="right">
        {!isMe && (
          <PersonMenu
            user={user}
            pending={change.isPending}
            onLink={onLink}
            onAsk={onAsk}
            onDo={(deed) => change.mutate({ deed, user })}
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}
