import { Text } from '@mantine/core';
import type { StoreEvent } from '../../api/types.ts';
import { attemptsOf } from './timeline/attempts.ts';
import { duration } from '../../ui/words.ts';

/** How long the making took, from the order to the opening. Keeps its line free until that is known. */
export function MadeIn({ events }: { events: StoreEvent[] }) {
  const made = attemptsOf(events).find(({ openedAfterMs }) => openedAfterMs !== null);
  return (
    <Text c="dimmed" size="sm" mih="1.55em">
      {typeof made?.openedAfterMs === 'number' &&
        `Made in ${duration(made.openedAfterMs)}, with a test purchase to see that it sells.`}
    </Text>
  );
}
