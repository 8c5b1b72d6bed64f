import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';

/** What is shown in a page's place when it could not be made, with ways back. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <Stack align="flex-start" p="xl">
      <Title order={1} size="h2">
        This page could not be shown
      </Title>
      <ErrorPanel error={error instanceof Error ? error : new Error(String(error))} />
      <Group>
        <Button
          onClick={() => {
            reset();
            void router.invalidate();
          }}
        >
          Try again
        </Button>
        <Text component={Link} to="/">
          Back to the stores
        </Text>
      </Group>
    </Stack>
  );
}
