import { Alert, Badge, Group, Progress, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { enginesQuery } from '../../api/queries.ts';
import type { Engine } from '../../api/types.ts';
import { Age } from '../../ui/Age.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Section } from '../../ui/Section.tsx';
import { duration } from '../../ui/words.ts';
import { ENGINE_TITLES } from '../../stores/engines.ts';
import { Assets } from './Assets.tsx';
import classes from './System.module.css';

const WHILE_PREPARING_MS = 2000;

/** The kinds of shop: which version, whether it is ready to be copied, and what went into it. */
export function Engines() {
  const { data, error } = useQuery({
    ...enginesQuery,
    refetchInterval: ({ state }) =>
      state.data?.engines.some(({ preparation }) => preparation?.status === 'running') ? WHILE_PREPARING_MS : false,
  });
  return (
    <Section title="Engines" intro="Each is prepared once; every store is a copy of that.">
      {error !== null && !data && <ErrorPanel error={error} title="The engines could not be loaded" />}
      {error === null && !data && <Skeleton height={155} />}
      {data?.engines.map((engine) => (
        <EngineState key={engine.name} engine={engine} />
      ))}
    </Section>
  );
}

function EngineState({ engine: { name, version, advice, preparation } }: { engine: Engine }) {
  return (
    <Stack gap="sm" className={classes.engine}>
      <Group gap="sm">
        <Title order={3} size="h5">
          {ENGINE_TITLES[name]}
        </Title>
        <StateBadge status={preparation?.status} />
        <Text size="sm" c="dimmed" className={classes.breaks}>
          {version}
        </Text>
      </Group>
      {preparation && <Preparation preparation={preparation} />}
      {!preparation && <Text size="sm">It is prepared when the first store needs it.</Text>}
      {advice !== null && (
        <Alert color="blue" variant="light" p="sm">
          {advice}
        </Alert>
      )}
      {preparation && preparation.assets.length > 0 && <Assets assets={preparation.assets} of={ENGINE_TITLES[name]} />}
    </Stack>
  );
}

const STATES = {
  ready: ['green', 'ready'],
  running: ['blue', 'being prepared'],
  failed: ['red', 'preparation failed'],
} as const;

function StateBadge({ status }: { status: keyof typeof STATES | undefined }) {
  const [color, words] = status ? STATES[status] : (['gray', 'not prepared yet'] as const);
  return (
    <Badge variant="light" color={color} tt="none">
      {words}
    </Badge>
  );
}

function Preparation({ preparation }: { preparation: NonNullable<Engine['preparation']> }) {
  const { status, fraction, phase, phases, message, startedAt, updatedAt } = preparation;
  if (status === 'failed') return <Alert color="red">{message ?? 'The preparation failed.'}</Alert>;
  if (status === 'running') {
    const percent = Math.floor(fraction * 100);
    return (
      <div>
        <Text size="sm" mb={6}>
          {phase ?? 'Beginning'} · {percent} %
        </Text>
        <Progress value={percent} aria-label="Preparation" />
      </div>
    );
  }
  const took = phases.reduce((sum, { ms }) => sum + ms, 0) || Date.parse(updatedAt) - Date.parse(startedAt);
  return (
    <Text size="sm" c="dimmed">
      Prepared <Age at={updatedAt} /> in {duration(took)}
      {phases.length > 1 && ` (${phases.map(({ phase: name, ms }) => `${name} ${duration(ms)}`).join(', ')})`}
    </Text>
  );
}
