import { Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { enginesQuery } from '../../api/queries.ts';
import type { EngineName, StoreEvent } from '../../api/types.ts';
import classes from './Store.module.css';

const ASK_AGAIN_MS = 2000;

/** The one-time work that all shops of a kind share, and that this one waits for. */
export function Preparation({ engine, events }: { engine: EngineName; events: StoreEvent[] }) {
  const { data } = useQuery({ ...enginesQuery, refetchInterval: ASK_AGAIN_MS });
  const preparation = data?.engines.find(({ name }) => name === engine)?.preparation;
  const percent = Math.floor((preparation?.fraction ?? 0) * 100);
  const told = events.findLast(({ type }) => type === 'engine-preparing')?.metadata['title'];
  const trouble = preparation?.status === 'failed' ? preparation.message : null;
  return (
    <div className={classes.preparation}>
      <Progress value={percent} size="sm" aria-label="Getting the shop software ready" mb="xs" />
      <Text size="sm" c="dimmed">
        {trouble ?? `${typeof told === 'string' ? told : 'Beginning'} · ${percent} %`}
      </Text>
      <Text size="sm" c="dimmed">
        This happens once on this machine; the next shops start from it in seconds.
      </Text>
    </div>
  );
}
