import { Alert, Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { AuditLog } from './AuditLog.tsx';
import { Engines } from './Engines.tsx';
import { Health } from './Health.tsx';
import { Orphans } from './Orphans.tsx';
import { Quotas } from './Quotas.tsx';
import { Room } from './Room.tsx';
import { Work } from './Work.tsx';

/** How the platform itself is; for admins. */
export function System() {
  const { user } = useSuspenseQuery(meQuery).data;
  if (user.role !== 'admin') return <ForAdmins />;
  return (
    <>
      <PageHeader title="System" intro="How the platform itself is, and who did what." />
      <Stack gap="lg">
        <Health />
        <Work />
        <Room />
        <Engines />
        <Quotas />
        <Orphans />
        <AuditLog />
      </Stack>
    </>
  );
}

/** A member who comes here did nothing wrong. */
function ForAdmins() {
  return (
    <>
      <PageHeader title="System" />
      <Alert color="gray" variant="light" role="status">
        Only an admin sees how the platform itself is. Your own stores are not affected by anything here.
      </Alert>
    </>
  );
}
