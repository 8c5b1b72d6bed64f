import { Button, Group } from '@mantine/core';

/** Below a list: shows what comes next. */
export function More({
  children,
  loading = false,
  onClick,
}: {
  children: string;
  loading?: boolean;
  onClick: () => void;
}) {
  return (
    <Group justify="center" mt="md">
      <Button variant="default" loading={loading} onClick={onClick}>
        {children}
      </Button>
    </Group>
  );
}
