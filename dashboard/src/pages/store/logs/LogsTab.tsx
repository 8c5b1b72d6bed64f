import { Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Store } from '../../../api/types.ts';
import { count } from '../../../ui/words.ts';
import type { Connection, LogFollower } from './follower.ts';
import { LogTools } from './LogTools.tsx';
import { LogView } from './LogView.tsx';
import { SearchField } from './SearchField.tsx';
import classes from './Logs.module.css';
import { useSearchIn } from './useSearchIn.ts';

/** What the shop itself says, as it says it. */
export function LogsTab({ store, follower }: { store: Store; follower: LogFollower }) {
  const { connection, shown, paused, waiting } = useSyncExternalStore(follower.subscribe, follower.read);
  const [term, setTerm] = useState('');
  const [wrap, setWrap] = useLocalStorage({ key: 'store-platform-log-wrap', defaultValue: true });
  const search = useSearchIn(shown, term);
  useEffect(() => {
    follower.start();
    return () => follower.stop();
  }, [follower]);
  return (
    <div>
      <div className={classes.tools}>
        <SearchField term={term} onChange={setTerm} search={search} />
        <LogTools
          shown={shown}
          fileName={`${store.slug}.log`}
          paused={paused}
          onPause={() => (paused ? follower.resume() : follower.pause())}
          wrap={wrap}
          onWrap={setWrap}
        />
      </div>
      <LogView shown={shown} name={store.name} term={term} current={search.current} wrap={wrap} />
      <Text size="sm" c="dimmed" role="status" mt="xs" mih="1.55em">
        {paused ? `Paused. ${count(waiting, 'new line')} ${waiting === 1 ? 'waits' : 'wait'}.` : WORDS[connection]}
      </Text>
    </div>
  );
}

const WORDS: Record<Connection, string> = {
  off: '',
  connecting: 'Connecting…',
  live: 'Following: new lines appear as they are written.',
  lost: 'The connection was lost. Reconnecting; what was missed is fetched then.',
};
