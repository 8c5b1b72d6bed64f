import { Badge, Skeleton, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Section } from '../../ui/Section.tsx';
import { healthQuery, systemQuery, type Health as State } from './queries.ts';
import { lasting, partTitle } from './words.ts';

/** Whether the parts are well. It is asked of an address that answers even when nearly nothing else does. */
export function Health() {
  const { data, error } = useQuery(healthQuery);
  return (
    <Section title="Health" intro={error === null ? <About health={data} /> : 'No answer.'}>
      {error !== null && <ErrorPanel error={error} title="Nobody can say how the platform is" />}
      {error === null && (data ? <Parts checks={data.checks} /> : <Skeleton height={170} />)}
    </Section>
  );
}

function About({ health }: { health: State | undefined }) {
  const { data: system } = useQuery(systemQuery);
  if (!health) return 'Asking …';
  const where = system && `Node.js ${system.node.replace(/^v/, '')}, stores run ${place(system.runtime)}`;
  return [`Version ${health.version}`, `up for ${lasting(health.uptimeSeconds)}`, where].filter(Boolean).join(' · ');
}

const place = (runtime: string) => (runtime === 'local' ? 'on this machine' : `in ${runtime}`);

function Parts({ checks }: Pick<State, 'checks'>) {
  // The API answered, or there would be no list.
  const parts = Object.entries({ api: { ok: true }, ...checks });
  return (
    <Table verticalSpacing="xs" layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Part</Table.Th>
          <Table.Th>State</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {parts.map(([name, { ok, message }]: [string, { ok: boolean; message?: string }]) => (
          <Table.Tr key={name}>
            <Table.Td>{partTitle(name)}</Table.Td>
            <Table.Td>
              <Badge variant="light" color={ok ? 'green' : 'red'} tt="none">
                {ok ? 'Well' : 'Not well'}
              </Badge>
              {message !== undefined && <Text size="sm">{message}</Text>}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
