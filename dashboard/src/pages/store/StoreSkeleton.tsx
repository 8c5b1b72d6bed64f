import { Group, Skeleton, Stack, VisuallyHidden } from '@mantine/core';

/** As large as what will stand here, so that nothing moves when it comes. */
export function StoreSkeleton() {
  return (
    <Stack gap="md" aria-busy="true">
      <VisuallyHidden>
        <h1>Store</h1>
        <p role="status">Loading the store…</p>
      </VisuallyHidden>
      <Skeleton h={36} w="min(20rem, 70%)" />
      <Skeleton h={22} w="min(26rem, 90%)" />
      <Group gap="sm" mt="xs">
        {[1, 2, 3, 4, 5].map((tab) => (
          <Skeleton key={tab} h={34} w={62} />
        ))}
      </Group>
      <Skeleton h={150} radius="md" />
      <Skeleton h={220} radius="md" />
    </Stack>
  );
}
