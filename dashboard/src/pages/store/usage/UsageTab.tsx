import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { answer, api } from '../../../api/client.ts';
import type { Store } from '../../../api/types.ts';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import storeClasses from '../Store.module.css';
import { bytes, duration } from '../../../ui/words.ts';
import { memoryOf, processorOf, summaryOf, type Series } from './figures.ts';
import classes from './Usage.module.css';

/** What draws is large, and only loaded by those who look. */
const Chart = lazy(() => import('./Chart.tsx'));
const MEASURED_EVERY_MS = 30_000;
/** As many as the API gives at once: the last 50 minutes. */
const NEWEST = 100;

const usageQuery = (id: string) =>
  queryOptions({
    queryKey: ['stores', 'usage', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/stores/{id}/usage', { params: { path: { id }, query: { limit: NEWEST } }, signal })),
    refetchInterval: MEASURED_EVERY_MS / 3,
  });

const percent = (value: number): string => `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`;
/** Below this share of a processor all is quiet, and is drawn so. */
const QUIET_PERCENT = 1;

export function UsageTab({ store }: { store: Store }) {
  const { data, error } = useQuery(usageQuery(store.id));
  if (!data) return error ? <ErrorPanel error={error} /> : <Skeleton h={420} radius="md" />;
  const { usage } = data;
  const [newest] = usage;
  if (!newest) return <Nothing store={store} />;
  return (
    <Stack gap="md">
      <Figure title="Memory" series={memoryOf(usage)} words={bytes} floor={1e6} />
      <Figure
        title="Processor"
        series={processorOf(usage)}
        words={percent}
        floor={QUIET_PERCENT}
        hint="100 % is one processor, all the time."
      />
      <section className={storeClasses.card} aria-labelledby="disk">
        <Title order={2} size="h4" id="disk">
          Disk
        </Title>
        <Text>{bytes(newest.diskBytes)} for its database and files</Text>
      </section>
    </Stack>
  );
}

function Nothing({ store }: { store: Store }) {
  return (
    <Text c="dimmed">
      {store.status === 'ready'
        ? 'The first figures come within half a minute.'
        : 'There are figures here once the shop runs.'}
    </Text>
  );
}

interface FigureProps {
  title: string;
  series: Series;
  words: (value: number) => string;
  /** The chart is at least this high. */
  floor: number;
  hint?: string;
}

/** A chart, and the same said in words for whoever can't see it. */
function Figure({ title, series, words, floor, hint }: FigureProps) {
  const summary = summaryOf(series);
  const span = ((series.times.at(-1) ?? 0) - (series.times[0] ?? 0)) * 1000;
  const told =
    summary && `${words(summary.now)} now, ${words(summary.mean)} on average, ${words(summary.most)} at most`;
  return (
    <section className={storeClasses.card} aria-label={title}>
      <div className={classes.head}>
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {told ?? 'The next measurement makes the first figure.'}
        </Text>
      </div>
      <div
        className={classes.chart}
        role="img"
        aria-label={`${title} over the last ${duration(span)}: ${told ?? 'no figure yet'}`}
      >
        <Suspense fallback={<Skeleton h="100%" />}>
          <Chart series={series} words={words} floor={floor} />
        </Suspense>
      </div>
      {hint !== undefined && (
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      )}
    </section>
  );
}
