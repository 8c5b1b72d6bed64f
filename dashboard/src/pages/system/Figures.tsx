import { Box, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import classes from './System.module.css';

export interface Figure {
  name: string;
  value: string;
  /** What the number means where its name alone does not say it. */
  note?: string;
  bad?: boolean;
}

/** A few numbers, each with its name. While they load, there is as much room as they will need. */
export function Figures({ figures }: { figures: Figure[] | undefined }) {
  if (!figures)
    return (
      <Box h={{ base: 122, sm: 53 }}>
        <Skeleton height="100%" />
      </Box>
    );
  return (
    <SimpleGrid component="dl" cols={{ base: 2, sm: 4 }} m={0} spacing="md">
      {figures.map(({ name, value, note, bad = false }) => (
        <Stack key={name} gap={2} className={classes.figure}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} size="xl" fw={650} {...(bad && { c: 'var(--mantine-color-error)' })}>
            {value}
          </Text>
          {note !== undefined && (
            <Text component="dd" m={0} size="xs" c="dimmed">
              {note}
            </Text>
          )}
        </Stack>
      ))}
    </SimpleGrid>
  );
}
