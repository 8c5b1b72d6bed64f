import { Button, Group } from '@mantine/core';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Day } from './Day.tsx';
import { Empty } from './Empty.tsx';
import { NotYet } from './NotYet.tsx';
import { Sign } from './Sign.tsx';
import { SourceFilter } from './SourceFilter.tsx';
import { useFeed } from './useFeed.ts';
import { useLiveSearch } from './useLiveSearch.ts';
import { useSources } from './useSources.ts';
import { Wall } from './Wall.tsx';
import { dayInWords } from './words.ts';

/** Today's orders while they happen. */
export function Live() {
  const [{ store, wall }, want] = useLiveSearch();
  const { figures, connection, failure, retry } = useFeed(store);
  const sources = useSources(figures?.recent ?? []);
  const nothing = figures !== null && figures.recent.length === 0 && figures.hours.every(({ orders }) => orders === 0);
  const sign = <Sign connection={connection} onRetry={retry} />;
  return (
    <>
      <PageHeader
        title="Live orders"
        intro={figures ? dayInWords(figures) : '\u00a0'}
        actions={
          <Group gap="sm">
            {sign}
            <SourceFilter sources={sources} value={store} onChange={(next) => want({ store: next })} />
            <Button variant="default" onClick={() => want({ wall: true })} disabled={figures === null} visibleFrom="xs">
              Show on a wall
            </Button>
          </Group>
        }
      />
      {figures === null ? (
        <NotYet failure={failure} onRetry={retry} onAll={store === null ? null : () => want({ store: null })} />
      ) : wall ? (
        <Wall title={sources?.get(store ?? '') ?? 'All stores'} sign={sign} onClose={() => want({ wall: false })}>
          <Day figures={figures} sources={sources} wall />
        </Wall>
      ) : nothing ? (
        <Empty />
      ) : (
        <Day figures={figures} sources={sources} />
      )}
    </>
  );
}
