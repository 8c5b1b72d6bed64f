import { Code, Group, Text, Title } from '@mantine/core';
import { CopyButton } from '../../ui/CopyButton.tsx';
import classes from './Live.module.css';

const SIMULATE = 'npx store-platform simulate --shop coffee --rate 50';

/** For somebody who has no orders yet: how to get some. The page fills by itself. */
export function Empty() {
  return (
    <section className={classes.empty} aria-labelledby="no-orders">
      <Title order={2} size="h3" id="no-orders">
        No orders yet
      </Title>
      <Text c="dimmed" maw="36rem">
        Every order appears here the moment it is placed. Buy something in one of your shops, or let a coffee shop be
        simulated:
      </Text>
      <Group gap="xs" justify="center">
        <Code className={classes.command ?? ''}>{SIMULATE}</Code>
        <CopyButton value={SIMULATE} label="Copy the command" />
      </Group>
    </section>
  );
}
