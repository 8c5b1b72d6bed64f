import { Stack } from '@mantine/core';
import type { Store, StoreEvent } from '../../api/types.ts';
import { Addresses } from './Addresses.tsx';
import { Credentials } from './Credentials.tsx';
import { Failed } from './Failed.tsx';
import { MadeIn } from './MadeIn.tsx';
import { Mending } from './Mending.tsx';
import { Provisioning } from './Provisioning.tsx';
import { Upgrading } from './Upgrading.tsx';
import { Version } from './Version.tsx';

interface Props {
  store: Store;
  events: StoreEvent[] | undefined;
  onShowLogs: () => void;
}

const NONE: StoreEvent[] = [];

export function Overview({ store, events = NONE, onShowLogs }: Props) {
  // From its first opening on, also when it fails later, its owner can sign in with them.
  const handedOver = store.status === 'ready' || events.some(({ type }) => type === 'ready');
  return (
    <Stack gap="lg">
      {store.status === 'provisioning' && <Provisioning store={store} events={events} />}
      {store.status === 'failed' && <Failed store={store} events={events} onShowLogs={onShowLogs} />}
      {store.status === 'ready' && <UnderWay store={store} events={events} />}
      {store.status === 'ready' && <MadeIn events={events} />}
      <Addresses store={store} />
      <Credentials store={store} handedOver={handedOver} />
      {handedOver && <Version store={store} events={events} />}
    </Stack>
  );
}

/** What is done to a shop that is open. */
function UnderWay({ store, events }: { store: Store; events: StoreEvent[] }) {
  if (store.operation === null) return null;
  if (store.operation.type === 'upgrade') return <Upgrading store={store} events={events} />;
  return <Mending operation={store.operation} events={events} />;
}
