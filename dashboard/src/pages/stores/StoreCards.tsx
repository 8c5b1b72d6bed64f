import { ENGINE_TITLES } from '../../stores/engines.ts';
import { memo } from 'react';
import type { Store } from '../../api/types.ts';
import { Age } from '../../ui/Age.tsx';
import { Address, Doing, Name, type ListProps } from './parts.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';

import classes from './Stores.module.css';
import { useRowsInView } from './useRowsInView.ts';

/** With the gap below it; as in the styles. */
const CARD_HEIGHT = 144;

/** The list on a phone. */
export function StoreCards({ stores, owners }: Pick<ListProps, 'stores' | 'owners'>) {
  const [list, { first, end, before, after }] = useRowsInView(stores.length, CARD_HEIGHT);
  return (
    <ul ref={list} className={classes.cards} aria-label="Stores" style={{ paddingTop: before, paddingBottom: after }}>
      {stores.slice(first, end).map((store, at) => (
        <Card
          key={store.id}
          store={store}
          position={first + at + 1}
          total={stores.length}
          owner={owners && (owners.get(store.ownerId ?? '') ?? '')}
        />
      ))}
    </ul>
  );
}

interface CardProps {
  store: Store;
  position: number;
  total: number;
  owner: string | null;
}

const Card = memo(function Card({ store, position, total, owner }: CardProps) {
  return (
    <li className={classes.card} aria-posinset={position} aria-setsize={total}>
      <div className={classes.cardHead}>
        <Name store={store} />
        <StatusBadge status={store.status} />
      </div>
      <Address store={store} />
      <Doing store={store} />
      <div className={classes.cardFoot}>
        {ENGINE_TITLES[store.engine]} · <Age at={store.createdAt} />
        {owner !== null && owner !== '' && ` · ${owner}`}
      </div>
    </li>
  );
});
