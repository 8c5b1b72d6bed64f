import { ActionIcon, Anchor, Text, Title, Tooltip } from '@mantine/core';
import type { Store } from '../../api/types.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import classes from './Store.module.css';

const KINDS = [
  ['storefront', 'Shop'],
  ['admin', 'Admin'],
  ['api', 'API'],
  ['direct', 'On this machine'],
] as const;

/** Where the store is reached, or will be once it is ready. */
export function Addresses({ store: { urls, status } }: { store: Store }) {
  const ready = status === 'ready';
  // Of a shop that is open: where it has no address on a machine, it will not get one.
  const shown = KINDS.filter(([kind]) => !ready || urls[kind] !== null);
  return (
    <section className={classes.card} aria-labelledby="addresses">
      <Title order={2} size="h4" id="addresses" mb="xs">
        Addresses
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {ready ? 'Customers come in by the first, you by the second.' : 'They work once the shop is open.'}
      </Text>
      <dl className={classes.rows}>
        {shown.map(([kind, title]) => (
          <div className={classes.row} key={kind}>
            <dt>{title}</dt>
            <Address url={urls[kind]} title={title} ready={ready} />
          </div>
        ))}
      </dl>
    </section>
  );
}

function Address({ url, title, ready }: { url: string | null; title: string; ready: boolean }) {
  if (url === null || !ready) {
    return (
      <Text component="dd" className={classes.value} c="dimmed">
        {url ?? 'given when the shop is started'}
      </Text>
    );
  }
  return (
    <>
      <dd>
        <Anchor href={url} target="_blank" rel="noopener" className={classes.value}>
          {url}
        </Anchor>
      </dd>
      <dd>
        <OpenLink url={url} title={title} />
        <CopyButton value={url} label={`Copy the address: ${title}`} />
      </dd>
    </>
  );
}

function OpenLink({ url, title }: { url: string; title: string }) {
  const label = `Open in a new tab: ${title}`;
  return (
    <Tooltip label={label}>
      <ActionIcon
        component="a"
        href={url}
        target="_blank"
        rel="noopener"
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={label}
      >
        <svg
          viewBox="0 0 24 24"
          width="14"
          height="14"
          aria-hidden="true"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
        >
          <path d="M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9" />
        </svg>
      </ActionIcon>
    </Tooltip>
  );
}
