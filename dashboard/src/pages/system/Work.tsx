import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Section } from '../../ui/Section.tsx';
import { duration } from '../../ui/words.ts';
import { Figures, type Figure } from './Figures.tsx';
import { systemQuery, type SystemState } from './queries.ts';

/** What the platform has to do, and what has become of it. */
export function Work() {
  const { data, error } = useQuery(systemQuery);
  return (
    <Section title="Work" intro="Jobs in the queue, and stores by status.">
      {error !== null && !data ? (
        <ErrorPanel error={error} title="The queue could not be loaded" />
      ) : (
        <Stack gap="lg">
          <Figures figures={data && queueFigures(data.queue)} />
          <Figures figures={data && storeFigures(data.stores)} />
        </Stack>
      )}
    </Section>
  );
}

function queueFigures({ waiting, oldestSeconds, running, failed }: SystemState['queue']): Figure[] {
  return [
    { name: 'Jobs waiting', value: String(waiting) },
    { name: 'The oldest waits', value: waiting === 0 ? '–' : duration(oldestSeconds * 1000) },
    { name: 'Jobs running', value: String(running) },
    { name: 'Jobs given up', value: String(failed), bad: failed > 0 },
  ];
}

function storeFigures(stores: SystemState['stores']): Figure[] {
  const of = (status: SystemState['stores'][number]['status']) =>
    stores.filter((one) => one.status === status).reduce((sum, { count }) => sum + count, 0);
  return [
    { name: 'Stores ready', value: String(of('ready')) },
    { name: 'Being set up', value: String(of('provisioning')) },
    { name: 'Failed', value: String(of('failed')), bad: of('failed') > 0 },
    { name: 'Being deleted', value: String(of('deleting')) },
  ];
}
