import { useRouter } from '@tanstack/react-router';
import type { MouseEvent } from 'react';
import type { Store } from '../../api/types.ts';
import { doing } from './doing.ts';
import type { Sort } from './search.ts';
import classes from './Stores.module.css';

export interface ListProps {
  stores: Store[];
  /** E-mail addresses by id; null for those who see only their own stores. */
  owners: ReadonlyMap<string, string> | null;
  sort: Sort;
  onSort: (sort: Sort) => void;
}

/**
 * Leads to the store's page, wherever in the row one clicks. Not the router's own link: each of those watches the
 * router, and a row has to be made within a fraction of a millisecond.
 */
export function Name({ store: { id, name } }: { store: Store }) {
  const router = useRouter();
  const target = { to: '/stores/$id', params: { id } } as const;
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void router.navigate(target);
  };
  const preload = () => void router.preloadRoute(target);
  return (
    <a
      href={router.history.createHref(`/stores/${id}`)}
      onClick={follow}
      onPointerEnter={preload}
      onFocus={preload}
      className={classes.name}
      title={name}
    >
      {name}
    </a>
  );
}

/** The shop itself, which opens beside the dashboard once there is something to see. */
export function Address({ store: { status, urls } }: { store: Store }) {
  const short = urls.storefront.replace(/^https?:\/\//, '').replace(/\/$/, '');
  if (status !== 'ready') return <span className={classes.address}>{short}</span>;
  return (
    <a className={classes.address} href={urls.storefront} target="_blank" rel="noreferrer" aria-label={`Open ${short}`}>
      {short} <span aria-hidden="true">↗</span>
    </a>
  );
}

export function Doing({ store }: { store: Store }) {
  const text = doing(store);
  return (
    <span className={classes.doing} data-failed={store.status === 'failed' || undefined} title={text}>
      {text}
    </span>
  );
}
