import { ENGINE_TITLES } from '../../stores/engines.ts';
import { VisuallyHidden } from '@mantine/core';
import { memo } from 'react';
import type { Store } from '../../api/types.ts';
import { Age } from '../../ui/Age.tsx';
import { Address, Doing, Name, type ListProps } from './parts.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { type Sort } from './search.ts';
import classes from './Stores.module.css';
import { useRowsInView } from './useRowsInView.ts';

/** As in the styles, where rows get it. */
const ROW_HEIGHT = 68;
const COLUMNS = { name: undefined, status: classes.statusColumn, age: classes.ageColumn };

/** The list on a wide screen. */
export function StoreTable({ stores, owners, sort, onSort }: ListProps) {
  const [body, { first, end, before, after }] = useRowsInView(stores.length, ROW_HEIGHT);
  return (
    <table className={classes.table} aria-label="Stores" aria-rowcount={stores.length + 1}>
      <thead>
        <tr aria-rowindex={1}>
          <SortHeader by="name" sort={sort} onSort={onSort}>
            Name
          </SortHeader>
          <SortHeader by="status" sort={sort} onSort={onSort}>
            Status
          </SortHeader>
          <th scope="col" className={classes.engineColumn}>
            Engine
          </th>
          {owners && (
            <th scope="col" className={classes.ownerColumn}>
              Owner
            </th>
          )}
          <SortHeader by="age" sort={sort} onSort={onSort}>
            Age
          </SortHeader>
        </tr>
      </thead>
      <tbody ref={body}>
        <Gap height={before} />
        {stores.slice(first, end).map((store, at) => (
          <Row
            key={store.id}
            store={store}
            index={first + at + 2}
            owner={owners && (owners.get(store.ownerId ?? '') ?? '')}
          />
        ))}
        <Gap height={after} />
      </tbody>
    </table>
  );
}

/** Stands for the rows that are not made because nobody sees them. */
function Gap({ height }: { height: number }) {
  return height > 0 && <tr aria-hidden="true" style={{ height }} />;
}

const Row = memo(function Row({ store, index, owner }: { store: Store; index: number; owner: string | null }) {
  return (
    <tr className={classes.row} aria-rowindex={index}>
      <th scope="row" className={classes.cell}>
        <Name store={store} />
        <Address store={store} />
      </th>
      <td className={classes.cell}>
        <StatusBadge status={store.status} />
        <Doing store={store} />
      </td>
      <td className={classes.cell}>{ENGINE_TITLES[store.engine]}</td>
      {owner !== null && (
        <td className={`${classes.cell} ${classes.ownerColumn}`} title={owner}>
          {owner}
        </td>
      )}
      <td className={classes.cell}>
        <Age at={store.createdAt} />
      </td>
    </tr>
  );
});

interface SortHeaderProps {
  by: 'name' | 'status' | 'age';
  sort: Sort;
  onSort: (sort: Sort) => void;
  children: string;
}

function SortHeader({ by, sort, onSort, children }: SortHeaderProps) {
  const direction = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : 'none';
  return (
    <th scope="col" aria-sort={direction} className={COLUMNS[by]}>
      <button type="button" className={classes.sort} onClick={() => onSort(direction === 'ascending' ? `-${by}` : by)}>
        <VisuallyHidden>Sort by </VisuallyHidden>
        {children}
        <span aria-hidden="true" className={classes.arrow}>
          {{ ascending: '↑', descending: '↓', none: '' }[direction]}
        </span>
      </button>
    </th>
  );
}
