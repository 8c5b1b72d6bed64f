import { Alert, Group, Stack, Text } from '@mantine/core';
import { ApiError } from '../api/errors.ts';
import { messageOf } from '../query-client.ts';
import { CopyButton } from './CopyButton.tsx';

/** An error in the platform's own words, with the number by which an operator finds the request. */
export function ErrorPanel({ error, title }: { error: Error; title?: string }) {
  const id = error instanceof ApiError ? error.correlationId : null;
  return (
    <Alert color="red" variant="light" role="alert" {...(title !== undefined && { title })} maw="100%">
      <Stack gap="xs">
        <Text size="sm">{messageOf(error)}</Text>
        {id !== null && (
          <Group gap="xs">
            <Text size="xs" c="dimmed">
              Correlation id <code>{id}</code>
            </Text>
            <CopyButton value={id} label="Copy the correlation id" />
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
