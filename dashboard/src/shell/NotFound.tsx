import { Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <Stack align="flex-start" p="xl">
      <Title order={1} size="h2">
        There is nothing here
      </Title>
      <Text component={Link} to="/">
        Back to the stores
      </Text>
    </Stack>
  );
}
