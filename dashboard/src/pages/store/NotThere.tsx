import { Button, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function NotThere() {
  return (
    <Stack align="flex-start" gap="md">
      <PageHeader title="This store is not there" />
      <Text maw={560} mt="-lg">
        It may have been deleted, or the address is not quite right. Stores of other people are not shown here either.
      </Text>
      <Button component={Link} to="/" variant="light">
        Back to the stores
      </Button>
    </Stack>
  );
}
