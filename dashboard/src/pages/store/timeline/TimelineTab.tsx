import { Skeleton, Stack, Text } from '@mantine/core';
import type { StoreEvent } from '../../../api/types.ts';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { AttemptCard } from './AttemptCard.tsx';
import { attemptsOf } from './attempts.ts';

/** What has happened to the store, the newest attempt first. */
export function TimelineTab({ events, error }: { events: StoreEvent[] | undefined; error: Error | null }) {
  if (!events) return error ? <ErrorPanel error={error} /> : <Skeleton h={320} radius="md" />;
  const attempts = attemptsOf(events).toReversed();
  if (attempts.length === 0) return <Text c="dimmed">Nothing has happened yet.</Text>;
  return (
    <Stack gap="md">
      {attempts.map((attempt, index) => (
        <AttemptCard key={attempt.number} attempt={attempt} newest={index === 0} />
      ))}
    </Stack>
  );
}
