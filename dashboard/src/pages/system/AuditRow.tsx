import { Anchor, Table, Text } from '@mantine/core';
import { Age } from '../../ui/Age.tsx';
import type { AuditEntry } from './queries.ts';
import classes from './System.module.css';
import { actionTitle } from './words.ts';

/** On a phone, whom and what it was about stand below what was done. */
export function AuditRow({ entry, onStore }: { entry: AuditEntry; onStore: (id: string) => void }) {
  const { at, actor, action, address } = entry;
  return (
    <Table.Tr>
      <Table.Td>
        <Age at={at} />
      </Table.Td>
      <Table.Td visibleFrom="sm" className={classes.breaks}>
        {actor}
      </Table.Td>
      <Table.Td className={classes.breaks}>
        {actionTitle(action)}
        <Text size="xs" c="dimmed" hiddenFrom="sm" component="div">
          <About entry={entry} onStore={onStore} />
          <div>by {actor}</div>
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" className={classes.breaks}>
        <About entry={entry} onStore={onStore} />
      </Table.Td>
      <Table.Td visibleFrom="sm" className={classes.breaks}>
        {address}
      </Table.Td>
    </Table.Tr>
  );
}

/** What it was done to; of a store, a way to all that was done to it. */
function About({ entry: { subject, storeId }, onStore }: { entry: AuditEntry; onStore: (id: string) => void }) {
  if (storeId === null) return subject;
  const name = subject ?? storeId;
  return (
    <Anchor
      component="button"
      type="button"
      fz="inherit"
      ta="left"
      aria-label={`Only entries of ${name}`}
      onClick={() => onStore(storeId)}
    >
      {name}
    </Anchor>
  );
}
