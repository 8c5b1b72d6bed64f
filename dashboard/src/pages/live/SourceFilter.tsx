import { NativeSelect } from '@mantine/core';
import type { Sources } from './useSources.ts';

interface Props {
  sources: Sources;
  value: string | null;
  onChange: (storeId: string | null) => void;
}

export function SourceFilter({ sources, value, onChange }: Props) {
  const known = [...(sources ?? [])].toSorted(([, a], [, b]) => a.localeCompare(b));
  const options = known.map(([id, name]) => ({ value: id, label: name }));
  const strange = value !== null && !sources?.has(value) ? [{ value, label: sources ? 'Not there' : 'One store' }] : [];
  return (
    <NativeSelect
      aria-label="Store"
      w={{ base: '100%', xs: 220 }}
      data={[{ value: '', label: 'All stores' }, ...strange, ...options]}
      value={value ?? ''}
      onChange={({ currentTarget }) => onChange(currentTarget.value || null)}
    />
  );
}
