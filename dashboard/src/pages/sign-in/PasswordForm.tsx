import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useEffect, useRef, type FormEvent } from 'react';
import { ApiError } from '../../api/errors.ts';
import { clock, useSecondsUntil } from './use-seconds-until.ts';
import type { Proof } from './use-sign-in.ts';

interface Props {
  pending: boolean;
  error: Error | null;
  onSignIn: (proof: Proof) => void;
}

export function PasswordForm({ pending, error, onSignIn }: Props) {
  const password = useRef<HTMLInputElement>(null);
  const limitedUntil = error instanceof ApiError ? error.retryAt : null;
  const wait = useSecondsUntil(limitedUntil);
  // What was wrong is most likely the password, and typing should replace it.
  useEffect(() => {
    if (error !== null) password.current?.select();
  }, [error]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { email, password: secret } = Object.fromEntries(new FormData(event.currentTarget));
    onSignIn({ email: String(email), password: String(secret) });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Problem error={error} until={limitedUntil} over={wait === 0} />
        <TextInput label="E-mail" name="email" type="email" autoComplete="username" required withAsterisk={false} />
        <PasswordInput
          ref={password}
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
        />
        <Button type="submit" fullWidth loading={pending} disabled={wait > 0}>
          {wait > 0 ? `Try again in ${clock(wait)}` : 'Sign in'}
        </Button>
      </Stack>
    </form>
  );
}

/** Why it failed; a limit is named by its end and not counted down, which a screen reader would read out each second. */
function Problem({ error, until, over }: { error: Error | null; until: Date | null; over: boolean }) {
  if (error === null || (until !== null && over)) return null;
  const limited = error instanceof ApiError && error.status === 429;
  const what = limited ? 'There were too many attempts.' : error.message;
  return (
    <Alert role="alert" color={limited ? 'yellow' : 'red'} variant="light">
      {until === null ? what : `${what} Try again at ${until.toLocaleTimeString()}.`}
    </Alert>
  );
}
