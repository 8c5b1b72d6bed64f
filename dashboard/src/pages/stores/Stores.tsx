import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useMemo } from 'react';
import { MOST_STORES } from '../../stores/list.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { arrange } from './arrange.ts';
import { Loading } from './Loading.tsx';
import { Invitation, NoMatch } from './Nothing.tsx';
import { isNarrowed, type ListSearch } from './search.ts';
import { StoreCards } from './StoreCards.tsx';
import { StoreTable } from './StoreTable.tsx';
import { Toolbar } from './Toolbar.tsx';
import { useListSearch } from './useListSearch.ts';
import { useOwners, useStores, type LoadedStores } from './useStores.ts';

const NONE = { q: '', status: null, engine: null } as const;

/** All stores that somebody may see, as they are now. */
export function Stores() {
  const [search, want] = useListSearch();
  // Typing goes first; the list follows when there is time.
  const wanted = useDeferredValue(search);
  const loaded = useStores(wanted);
  const shown = useMemo(() => arrange(loaded.stores ?? [], wanted), [loaded.stores, wanted]);
  const none = loaded.stores !== null && loaded.total === 0;
  return (
    <>
      <PageHeader
        title="Stores"
        intro={<span role="status">{summary(loaded, shown.length, wanted)}</span>}
        actions={
          !none && (
            <Button component={Link} to="/stores/new">
              Create a store
            </Button>
          )
        }
      />
      {none ? (
        <Invitation />
      ) : (
        <>
          <Toolbar search={search} onChange={want} stores={loaded.stores ?? []} />
          <Listing loaded={loaded} shown={shown} search={wanted} onChange={want} />
        </>
      )}
    </>
  );
}

interface ListingProps {
  loaded: LoadedStores;
  shown: NonNullable<LoadedStores['stores']>;
  search: ListSearch;
  onChange: (patch: Partial<ListSearch>) => void;
}

function Listing({ loaded: { stores, error, retry }, shown, search, onChange }: ListingProps) {
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const owners = useOwners();
  if (error) return <NotLoaded error={error} retry={retry} />;
  if (stores === null) return <Loading narrow={narrow} />;
  if (shown.length === 0) return <NoMatch onClear={() => onChange(NONE)} />;
  if (narrow) return <StoreCards stores={shown} owners={owners} />;
  return <StoreTable stores={shown} owners={owners} sort={search.sort} onSort={(sort) => onChange({ sort })} />;
}

function NotLoaded({ error, retry }: { error: Error; retry: () => void }) {
  return (
    <>
      <ErrorPanel title="The stores could not be loaded" error={error} />
      <Button variant="default" mt="md" onClick={retry}>
        Try again
      </Button>
    </>
  );
}

/** How many there are and are shown. Never empty, so that nothing moves when it is known. */
function summary({ stores, total, more }: LoadedStores, shown: number, search: ListSearch): string {
  if (stores === null) return '\u00a0';
  if (more) {
    const matching = isNarrowed(search) ? 'matching stores' : `of ${number(total)} stores`;
    return `The newest ${number(MOST_STORES)} ${matching}. Search to find others.`;
  }
  if (isNarrowed(search)) return `${number(shown)} of ${number(total)} stores`;
  if (total === 0) return 'None yet';
  return total === 1 ? '1 store' : `${number(total)} stores`;
}

const number = (value: number) => value.toLocaleString('en');
