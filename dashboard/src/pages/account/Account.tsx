import { SimpleGrid, Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ApiKeys } from './ApiKeys.tsx';
import { Person } from './Person.tsx';
import { Password } from './Password.tsx';

/** One's own: who one is here, the password, and keys for scripts. */
export function Account() {
  const me = useSuspenseQuery(meQuery).data;
  return (
    <>
      <PageHeader title="Account" intro="Who you are here, your password, and your API keys." />
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <Person me={me} />
          {me.credential.kind === 'session' && <Password email={me.user.email} />}
        </SimpleGrid>
        <ApiKeys />
      </Stack>
    </>
  );
}
