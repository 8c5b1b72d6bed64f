import { Button, Group, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import type { Store, StoreCredentials } from '../../api/types.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { SecretRow, ValueRow } from './SecretRow.tsx';
import classes from './Store.module.css';

/** The login of the shop's own admin. It is only fetched, and the look noted in the audit log, when somebody asks. */
export function Credentials({ store, handedOver }: { store: Store; handedOver: boolean }) {
  const look = useMutation({
    mutationFn: () =>
      answer(api.GET('/api/v1/stores/{id}/credentials', { params: { path: { id: store.id } }, cache: 'no-store' })),
    meta: { shown: true },
    gcTime: 0,
  });
  return (
    <section className={classes.card} aria-labelledby="login">
      <Title order={2} size="h4" id="login" mb="xs">
        Admin login
      </Title>
      {look.data ? (
        <Shown credentials={look.data} onHide={look.reset} />
      ) : (
        <>
          <Text size="sm" c="dimmed" mb="sm">
            {handedOver
              ? 'User name, password and API key of this shop alone. Each look is noted in the audit log.'
              : 'User name, password and API key are here once the shop is open.'}
          </Text>
          <Button variant="default" disabled={!handedOver} loading={look.isPending} onClick={() => look.mutate()}>
            Show the login
          </Button>
        </>
      )}
      {look.error && <ErrorPanel error={look.error} />}
    </section>
  );
}

function Shown({ credentials: { admin, api: keys }, onHide }: { credentials: StoreCredentials; onHide: () => void }) {
  return (
    <>
      <dl className={classes.rows}>
        <ValueRow title="User name" value={admin.username} />
        <SecretRow title="Password" value={admin.password} />
        {keys.publishableKey !== undefined && <SecretRow title="Publishable key" value={keys.publishableKey} />}
        {keys.applicationPassword !== undefined && (
          <SecretRow title="Application password" value={keys.applicationPassword} />
        )}
      </dl>
      <Group mt="md" gap="sm">
        <Button component="a" href={admin.url} target="_blank" rel="noopener" variant="light">
          Open the admin
        </Button>
        <Button variant="default" onClick={onHide}>
          Hide the login
        </Button>
      </Group>
    </>
  );
}
