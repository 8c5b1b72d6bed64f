import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { storeEventsQuery } from '../../api/queries.ts';
import type { Store } from '../../api/types.ts';
import { Deleting } from './Deleting.tsx';
import { LogFollower } from './logs/follower.ts';
import { LogsTab } from './logs/LogsTab.tsx';
import { Overview } from './Overview.tsx';
import { Settings } from './Settings.tsx';
import classes from './Store.module.css';
import { StoreHeader } from './StoreHeader.tsx';
import { TimelineTab } from './timeline/TimelineTab.tsx';
import { UsageTab } from './usage/UsageTab.tsx';
import { TABS, useTab } from './useTab.ts';

export function StoreView({ store }: { store: Store }) {
  const [tab, openTab] = useTab(store.id);
  const events = useQuery(storeEventsQuery(store.id));
  // Kept here, so that a look at another tab loses no line.
  const [follower] = useState(() => new LogFollower(store.id));
  return (
    <div className={classes.page}>
      <StoreHeader store={store} />
      {store.status === 'deleting' && <Deleting store={store} />}
      <Tabs value={tab} onChange={openTab} keepMounted={false}>
        <Tabs.List mb="lg" className={classes.tabs}>
          {Object.entries(TABS).map(([value, title]) => (
            <Tabs.Tab key={value} value={value} px="xs">
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview store={store} events={events.data} onShowLogs={() => openTab('logs')} />
        </Tabs.Panel>
        <Tabs.Panel value="timeline">
          <TimelineTab events={events.data} error={events.error} />
        </Tabs.Panel>
        <Tabs.Panel value="logs">
          <LogsTab store={store} follower={follower} />
        </Tabs.Panel>
        <Tabs.Panel value="usage">
          <UsageTab store={store} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Settings store={store} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
