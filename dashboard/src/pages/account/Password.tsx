import { Button, PasswordInput, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { toast } from 'sonner';
import { answer, api } from '../../api/client.ts';
import { ApiError, fieldProblem } from '../../api/errors.ts';
import { meQuery } from '../../api/queries.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Section } from '../../ui/Section.tsx';

interface Passwords {
  password: string;
  currentPassword?: string;
}

/** Sets the password. Only the API knows whether the present one is needed; it is asked for when the API says so. */
export function Password({ email }: { email: string }) {
  const client = useQueryClient();
  const [presentNeeded, setPresentNeeded] = useState(false);
  const set = useMutation({
    mutationFn: (body: Passwords) => answer(api.PUT('/api/v1/me/password', { body })),
    meta: { shown: true },
    onSuccess() {
      setPresentNeeded(false);
      toast.success('Your password is set. You stay signed in here; everywhere else you are signed out.');
      return client.invalidateQueries(meQuery);
    },
    onError: (error) => asksForPresent(error) && setPresentNeeded(true),
  });
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = Object.fromEntries(new FormData(form)) as unknown as Passwords;
    const done = await set.mutateAsync(given).then(
      () => true,
      () => false,
    );
    if (done) form.reset();
  };
  const wrongPresent = asksForPresent(set.error);
  const problem = fieldProblem(set.error, 'password');
  return (
    <Section title="Password" intro="With one you can sign in by your e-mail address, without a link.">
      <form onSubmit={submit}>
        <Stack maw="24rem">
          {set.error !== null && !wrongPresent && problem === null && <ErrorPanel error={set.error} />}
          <input type="text" name="username" autoComplete="username" value={email} readOnly hidden disabled />
          {presentNeeded && (
            <PasswordInput
              label="Present password"
              name="currentPassword"
              autoComplete="current-password"
              required
              withAsterisk={false}
              error={wrongPresent && presentProblem(set.variables)}
            />
          )}
          <PasswordInput
            label="New password"
            description="At least 10 characters. A few words in a row are easy to remember."
            name="password"
            autoComplete="new-password"
            minLength={10}
            maxLength={256}
            required
            withAsterisk={false}
            error={problem}
          />
          <Button type="submit" loading={set.isPending} w="fit-content">
            Set password
          </Button>
        </Stack>
      </form>
    </Section>
  );
}

function asksForPresent(error: Error | null): boolean {
  const fields = error instanceof ApiError ? error.details['fields'] : null;
  return Array.isArray(fields) && fields.some(({ field }: { field?: string }) => field === 'currentPassword');
}

function presentProblem(sent: Passwords | undefined): string {
  return sent?.currentPassword === undefined
    ? 'You have a password already. To set a new one, give it too.'
    : 'This is not your present password.';
}
