import { ActionIcon, Group, Text, TextInput } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import type { Search } from './useSearchIn.ts';
import classes from './Logs.module.css';

interface Props {
  term: string;
  onChange: (term: string) => void;
  search: Search;
}

/** Enter goes to the place before, as logs are read from their end; with Shift to the next. */
export function SearchField({ term, onChange, search }: Props) {
  const { total, position, step } = search;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') step(event.shiftKey ? 1 : -1);
    if (event.key === 'Escape') onChange('');
  };
  return (
    <div className={classes.search}>
      <TextInput
        type="search"
        aria-label="Search the log"
        placeholder="Search the log"
        value={term}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        flex={1}
        miw={0}
      />
      <Text size="sm" c="dimmed" role="status" className={classes.found}>
        {term !== '' &&
          (total === 0 ? 'not found' : `${position.toLocaleString('en')} of ${total.toLocaleString('en')}`)}
      </Text>
      <Group gap={2} wrap="nowrap">
        <Step label="Match before" up disabled={total === 0} onClick={() => step(-1)} />
        <Step label="Next match" disabled={total === 0} onClick={() => step(1)} />
      </Group>
    </div>
  );
}

function Step({ label, up = false, ...rest }: { label: string; up?: boolean; disabled: boolean; onClick: () => void }) {
  return (
    <ActionIcon variant="default" size={36} aria-label={label} {...rest}>
      <svg
        viewBox="0 0 24 24"
        width="16"
        height="16"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        aria-hidden="true"
      >
        <path d={up ? 'M6 15l6-6 6 6' : 'M6 9l6 6 6-6'} />
      </svg>
    </ActionIcon>
  );
}
