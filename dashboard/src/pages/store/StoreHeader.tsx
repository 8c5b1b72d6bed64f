import { Button, Group, Text } from '@mantine/core';
import type { Store } from '../../api/types.ts';
import { Age } from '../../ui/Age.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import classes from './Store.module.css';
import { ENGINE_TITLES } from '../../stores/engines.ts';

export function StoreHeader({ store }: { store: Store }) {
  const { name, slug, status, engine, createdAt, urls } = store;
  const open =
    status === 'ready' ? (
      <Button component="a" href={urls.storefront} target="_blank" rel="noopener" size="md">
        Open the shop
      </Button>
    ) : (
      <Button size="md" disabled>
        Open the shop
      </Button>
    );
  return (
    <>
      <PageHeader title={name} actions={open} />
      <Group className={classes.meta} gap="xs" component="section" aria-label="About this store">
        <StatusBadge status={status} />
        <Text size="sm" c="dimmed" span>
          {ENGINE_TITLES[engine]} · ordered <Age at={createdAt} />
        </Text>
        <Group gap={4} wrap="nowrap">
          <Text size="sm" c="dimmed" ff="monospace" span>
            {slug}
          </Text>
          <CopyButton value={slug} label="Copy the short name" />
        </Group>
      </Group>
    </>
  );
}
