import { Badge, Button, Table, Text, VisuallyHidden } from '@mantine/core';
import type { ApiKey } from '../../api/types.ts';
import { Age } from '../../ui/Age.tsx';
import { Day } from '../../ui/Day.tsx';
import { activeFirst, stateOf } from './key-state.ts';

interface Props {
  keys: readonly ApiKey[];
  onRevoke: (key: ApiKey) => void;
}

/** On a phone, what has no column of its own stands below the name. */
export function KeyTable({ keys, onRevoke }: Props) {
  return (
    <Table verticalSpacing="sm" horizontalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th visibleFrom="sm">Created</Table.Th>
          <Table.Th visibleFrom="sm">Last used</Table.Th>
          <Table.Th visibleFrom="sm">Expires</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {activeFirst(keys).map((key) => (
          <KeyRow key={key.id} apiKey={key} onRevoke={() => onRevoke(key)} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const state = stateOf(apiKey);
  return (
    <Table.Tr c={state === 'active' ? undefined : 'dimmed'}>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={500}>
          {apiKey.name}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {apiKey.hint}…
        </Text>
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          Used <LastUse at={apiKey.lastUsedAt} />; expires <Expiry at={apiKey.expiresAt} />
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Age at={apiKey.createdAt} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <LastUse at={apiKey.lastUsedAt} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Expiry at={apiKey.expiresAt} />
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={state === 'active' ? 'green' : 'gray'} tt="none">
          {state}
        </Badge>
      </Table.Td>
      <Table.Td ta="right">
        {state === 'active' && (
          <Button variant="default" size="xs" onClick={onRevoke} aria-label={`Revoke ${apiKey.name}`}>
            Revoke
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function LastUse({ at }: { at: string | null }) {
  return at === null ? 'never' : <Age at={at} />;
}

function Expiry({ at }: { at: string | null }) {
  return at === null ? 'never' : <Day at={at} />;
}
