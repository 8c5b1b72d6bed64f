import { Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { api } from '../../api/client.ts';
import type { Me } from '../../api/types.ts';
import { ColourSwitch } from '../../shell/ColourSwitch.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { useOneTimeToken } from './one-time-token.ts';
import { PasswordForm } from './PasswordForm.tsx';
import classes from './SignIn.module.css';
import { useGoOn, useSignIn } from './use-sign-in.ts';

/** For whoever is not signed in, at whatever address they came to; afterwards they are where they wanted to go. */
export function SignIn() {
  const token = useOneTimeToken();
  const signIn = useSignIn();
  const byLink = token !== null && (signIn.isIdle || ('token' in signIn.variables && !signIn.isError));
  useEffect(() => {
    document.title = 'Sign in · Store Platform';
  }, []);
  useLink(token, signIn.mutate);
  useGoOnIfSignedIn(token === null || signIn.isError, token !== null);
  return (
    <main className={classes.page}>
      <div className={classes.switch}>
        <ColourSwitch />
      </div>
      <Stack className={classes.column} gap="lg">
        <Group gap="xs" className={classes.brand}>
          <Mark size={32} />
          <Text fw={650} size="lg" c="var(--mantine-color-text)">
            Store Platform
          </Text>
        </Group>
        <Paper withBorder shadow="sm" radius="lg" p="xl" className={classes.card}>
          <Title order={1} size="h3" mb="lg">
            Sign in
          </Title>
          {byLink ? (
            <Redeeming />
          ) : (
            <PasswordForm pending={signIn.isPending} error={signIn.error} onSignIn={signIn.mutate} />
          )}
        </Paper>
        <FirstTime />
      </Stack>
    </main>
  );
}

function Redeeming() {
  return (
    <Group role="status" gap="sm">
      <Loader size="sm" />
      <Text>Signing you in…</Text>
    </Group>
  );
}

function FirstTime() {
  return (
    <div className={classes.help}>
      <Title order={2} size="sm" mb={4}>
        The first time here?
      </Title>
      <Text size="sm" c="dimmed">
        If you were invited, open the link that you were given. If you run the platform yourself, it printed a sign-in
        link when it first started. On its own machine, <code>npx store-platform</code> works without signing in.
      </Text>
    </div>
  );
}

/** Redeems each link once, though effects may run twice while developing: the second time it would be used up. */
function useLink(token: string | null, redeem: (proof: { token: string }) => void): void {
  const redeemed = useRef<string>(null);
  useEffect(() => {
    if (token === null || redeemed.current === token) return;
    redeemed.current = token;
    redeem({ token });
  }, [token, redeem]);
}

/**
 * Whoever is signed in already has nothing to do here, not even with a link that was used up. Asked without the cache of
 * queries: there a refusal would lead here.
 */
function useGoOnIfSignedIn(wanted: boolean, byLink: boolean): void {
  const goOn = useGoOn();
  useEffect(() => {
    if (!wanted) return undefined;
    const leaving = new AbortController();
    const found = (me: Me | undefined) => {
      if (me === undefined || leaving.signal.aborted) return;
      if (byLink) toast.info(`That link can’t be used any more. You are signed in as ${me.user.email}.`);
      goOn(me);
    };
    api.GET('/api/v1/me', { signal: leaving.signal }).then(
      ({ data }) => found(data),
      () => undefined,
    );
    return () => leaving.abort();
  }, [wanted, byLink, goOn]);
}
