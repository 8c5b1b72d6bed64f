import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { useSubject } from '../../ui/use-subject.ts';
import type { ApiKey } from '../../api/types.ts';
import { KeyTable } from './KeyTable.tsx';
import { NewKey } from './NewKey.tsx';
import { apiKeysQuery } from './queries.ts';
import { RevokeKey } from './RevokeKey.tsx';
import { Section } from '../../ui/Section.tsx';

/** Keys with which scripts and the command line act as oneself. */
export function ApiKeys() {
  const { data, error } = useQuery(apiKeysQuery);
  const [making, { open, close }] = useDisclosure(false);
  const revoking = useSubject<ApiKey>();
  return (
    <Section
      title="API keys"
      intro="With a key, scripts and the command line can do what you can do."
      action={<Button onClick={open}>Make a key</Button>}
    >
      {error !== null && <ErrorPanel error={error} title="The keys could not be loaded" />}
      {error === null && data === undefined && <Loading />}
      {data?.apiKeys.length === 0 && (
        <Text c="dimmed">There are no keys yet. Make one to use the API from a script.</Text>
      )}
      {data !== undefined && data.apiKeys.length > 0 && <KeyTable keys={data.apiKeys} onRevoke={revoking.show} />}
      <NewKey opened={making} onClose={close} />
      <RevokeKey {...revoking} />
    </Section>
  );
}

function Loading() {
  return (
    <Stack gap="xs" role="status" aria-label="Loading the keys">
      <Skeleton height={36} />
      <Skeleton height={48} />
    </Stack>
  );
}
