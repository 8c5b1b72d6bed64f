import { Spotlight, spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '../api/client.ts';
import { useSignOut } from './sign-out.ts';

export const openPalette = spotlight.open;

/** ⌘K or Ctrl K: goes to any store or page, and does what needs no page, from the keyboard. */
export function Palette({ admin }: { admin: boolean }) {
  const [query, setQuery] = useState('');
  const navigate = useNavigate();
  const signOut = useSignOut();
  const [open, setOpen] = useState(false);
  const found = useStoresLike(query.trim(), open);
  const go = (to: '/' | '/stores/new' | '/live' | '/account' | '/people' | '/system') => () => void navigate({ to });
  const commands: SpotlightActionData[] = [
    { id: 'new', label: 'Create a store', onClick: go('/stores/new') },
    { id: 'stores', label: 'Stores', onClick: go('/') },
    { id: 'live', label: 'Live orders', onClick: go('/live') },
    { id: 'account', label: 'Account and API keys', onClick: go('/account') },
    ...(admin ? [{ id: 'people', label: 'People', onClick: go('/people') }] : []),
    ...(admin ? [{ id: 'system', label: 'System', onClick: go('/system') }] : []),
    { id: 'api', label: 'API documentation', onClick: () => window.location.assign('/api-docs') },
    { id: 'out', label: 'Sign out', onClick: () => signOut.mutate() },
  ];
  const stores = found.map(({ id, name, slug, status }) => ({
    id,
    label: name,
    description: `${slug} · ${status}`,
    keywords: [slug],
    onClick: () => void navigate({ to: '/stores/$id', params: { id } }),
  }));
  return (
    <Spotlight
      actions={[
        { group: 'Stores', actions: stores },
        { group: 'Commands', actions: commands },
      ]}
      query={query}
      onQueryChange={setQuery}
      onSpotlightOpen={() => setOpen(true)}
      onSpotlightClose={() => setOpen(false)}
      shortcut={['mod + K']}
      nothingFound="Nothing found"
      highlightQuery
      searchProps={{ placeholder: 'Search stores and commands', 'aria-label': 'Search stores and commands' }}
    />
  );
}

/** Asked for while the palette is open, and not with every change of a store. */
function useStoresLike(q: string, enabled: boolean) {
  const { data } = useQuery({
    queryKey: ['palette', q],
    enabled,
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/stores', { params: { query: { limit: 8, ...(q !== '' && { q }) } }, signal })),
    placeholderData: (before) => before,
  });
  return data?.stores ?? [];
}
