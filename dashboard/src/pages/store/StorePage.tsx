import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ApiError } from '../../api/errors.ts';
import { storeQuery } from '../../api/queries.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { NotThere } from './NotThere.tsx';
import { StoreSkeleton } from './StoreSkeleton.tsx';
import { StoreView } from './StoreView.tsx';
import { useLeaveWhenGone } from './useLeaveWhenGone.ts';

/** Everything about one store, kept true while it is open. */
export function StorePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { data: store, error } = useQuery(storeQuery(id));
  const gone = isNotThere(error);
  useLeaveWhenGone(gone ? store : undefined);
  if (gone) return <NotThere />;
  // What is known is shown on while the platform can't be reached; the header says so.
  if (store) return <StoreView key={id} store={store} />;
  if (!error) return <StoreSkeleton />;
  return (
    <>
      <PageHeader title="Store" />
      <ErrorPanel error={error} title="This store could not be shown" />
    </>
  );
}

/** An address that was never one of a store (400) is no other case for whoever follows a link. */
function isNotThere(error: Error | null): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 400);
}
