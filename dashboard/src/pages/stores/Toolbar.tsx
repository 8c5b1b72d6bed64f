import { ENGINE_TITLES } from '../../stores/engines.ts';
import { NativeSelect, TextInput } from '@mantine/core';
import type { Store } from '../../api/types.ts';
import { SORTS, STATUSES, type ListSearch, type Sort } from './search.ts';
import classes from './Stores.module.css';

interface ToolbarProps {
  search: ListSearch;
  onChange: (patch: Partial<ListSearch>) => void;
  /** All that is loaded: how many there are of each kind is said beside it. */
  stores: readonly Store[];
}

/** Search, filters, and on a phone, where there are no columns to click, the order. */
export function Toolbar({ search, onChange, stores }: ToolbarProps) {
  const statuses = STATUSES.map((one) =>
    option(
      one,
      capital(one),
      count(stores, ({ status }) => status === one),
    ),
  );
  const engines = Object.entries(ENGINE_TITLES).map(([one, label]) =>
    option(
      one,
      label,
      count(stores, ({ engine }) => engine === one),
    ),
  );
  return (
    <search className={classes.tools}>
      <TextInput
        type="search"
        aria-label="Search stores"
        placeholder="Search by name or address"
        value={search.q}
        maxLength={255}
        onChange={({ currentTarget }) => onChange({ q: currentTarget.value })}
      />
      <NativeSelect
        aria-label="Status"
        data={[{ value: '', label: 'Any status' }, ...statuses]}
        value={search.status ?? ''}
        onChange={({ currentTarget }) => onChange({ status: (currentTarget.value || null) as ListSearch['status'] })}
      />
      <NativeSelect
        aria-label="Engine"
        data={[{ value: '', label: 'Any engine' }, ...engines]}
        value={search.engine ?? ''}
        onChange={({ currentTarget }) => onChange({ engine: (currentTarget.value || null) as ListSearch['engine'] })}
      />
      <NativeSelect
        className={classes.order ?? ''}
        aria-label="Order"
        data={Object.entries(SORTS).map(([value, label]) => ({ value, label }))}
        value={search.sort}
        onChange={({ currentTarget }) => onChange({ sort: currentTarget.value as Sort })}
      />
    </search>
  );
}

const count = (stores: readonly Store[], matches: (store: Store) => boolean) => stores.filter(matches).length;
const option = (value: string, label: string, number: number) => ({ value, label: `${label} (${number})` });
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
